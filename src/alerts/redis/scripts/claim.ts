import { script } from './common.ts';

export const claim = script(`
-- Purpose:   gives ready alerts to an analyst under a lease.
-- Guarantee: an alert is given to one person at a time. The same request again answers with the same alerts and takes no others.
-- KEYS:      as common; written: META, LEASES, REQUESTS, REQUEST_ORDER, rankings.
-- ARGV:      4 name, 5 lane, 6 number, 7 length of the lease in ms, 8 id of the one that is wanted, or ''.
-- RETURNS:   the alerts, best first; none where there is none.
local ids = {}
local before = remembered()
if before then
  for id in string.gmatch(before, '[^,]+') do ids[#ids + 1] = id end
else
  expire()
  if ARGV[8] ~= '' then
    local m = load(ARGV[8])
    if m and next_state(m.state, 'claim', {}) then ids[1] = ARGV[8] end
  else
    for _, member in ipairs(redis.call('ZRANGE', RANKING.ready[ARGV[5]], 0, tonumber(ARGV[6]) - 1)) do ids[#ids + 1] = string.sub(member, 27) end
  end
  for _, id in ipairs(ids) do
    local m = load(id)
    local until_ms = digits(NOW + tonumber(ARGV[7]))
    m.claim = { by = ARGV[4], token = REQUEST, untilMs = until_ms }
    m.lapsedBy = nil
    redis.call('ZADD', LEASES, until_ms, id)
    add_entry(m, ARGV[4], 'claim')
    move(id, m, next_state(m.state, 'claim', {}))
  end
  if #ids > 0 then remember(table.concat(ids, ',')) end
end
local alerts = {}
for _, id in ipairs(ids) do alerts[#alerts + 1] = alert(id) end
return alerts
`);
