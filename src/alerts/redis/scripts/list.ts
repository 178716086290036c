import { script } from './common.ts';

export const list = script(`
-- Purpose:   one page of alerts in rank order.
-- Guarantee: of one moment; the next page begins behind the last alert of this one, whatever became of it.
-- KEYS:      as common.
-- ARGV:      4 limit, 5 number of the lane to begin in (0 for the first), 6 rank behind which to begin there, or '', 7 number of states, these, then the lanes' names.
-- RETURNS:   the alerts.
expire()
local limit, first, after, states = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6], tonumber(ARGV[7])
local wanted = {}
for i = 8 + states, #ARGV do wanted[ARGV[i]] = true end
local alerts = {}
for l, lane in ipairs(LANES) do
  if wanted[lane] and l - 1 >= first then
    local from = '-'
    if l - 1 == first and after ~= '' then from = '(' .. after end
    local members = {}
    for s = 8, 7 + states do
      for _, member in ipairs(redis.call('ZRANGEBYLEX', RANKING[ARGV[s]][lane], from, '+', 'LIMIT', 0, limit)) do members[#members + 1] = member end
    end
    table.sort(members)
    for i = 1, math.min(#members, limit - #alerts) do alerts[#alerts + 1] = alert(string.sub(members[i], 27)) end
  end
end
return alerts
`);
