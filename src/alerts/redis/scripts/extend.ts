import { script } from './common.ts';

export const extend = script(`
-- Purpose:   the holder needs more time.
-- Guarantee: only the present holder's lease is moved; it ends the given time after now.
-- KEYS:      as common; written: META, LEASES, REQUESTS, REQUEST_ORDER.
-- ARGV:      4 alert id, 5 name, 6 length of the lease in ms.
-- RETURNS:   as step().
return step('extend', true, function(id, m, by, state)
  m.claim.untilMs = digits(NOW + tonumber(ARGV[6]))
  redis.call('ZADD', LEASES, m.claim.untilMs, id)
  add_entry(m, by, 'extend')
  move(id, m, state)
end)
`);
