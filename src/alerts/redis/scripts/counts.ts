import { script } from './common.ts';

export const counts = script(`
-- Purpose:   how many alerts are in each state.
-- Guarantee: of one moment; leases that ran out are counted as such.
-- KEYS:      as common.
-- ARGV:      none of its own.
-- RETURNS:   numbers in the order of states.ts.
expire()
local numbers = {}
for s, state in ipairs(STATES) do
  local n = 0
  for _, lane in ipairs(LANES) do n = n + redis.call('ZCARD', RANKING[state][lane]) end
  numbers[s] = n
end
return numbers
`);
