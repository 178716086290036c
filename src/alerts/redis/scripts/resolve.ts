import { script } from './common.ts';

export const resolve = script(`
-- Purpose:   the holder decides.
-- Guarantee: disposition and reason are kept with the revision that they are given for. Refused as 'changed' where the analyst read another revision.
-- KEYS:      as common; written: META, LEASES, REQUESTS, REQUEST_ORDER, rankings.
-- ARGV:      4 alert id, 5 name, 6 disposition, 7 reason, 8 revision that was read, or ''.
-- RETURNS:   as step().
return step('resolve', true, function(id, m, by, state)
  if ARGV[8] ~= '' and tonumber(ARGV[8]) ~= m.rev then return 'changed' end
  m.resolution = { by = by, disposition = ARGV[6], reason = ARGV[7], rev = m.rev, atMs = digits(NOW) }
  m.claim, m.changed, m.changedAfterResolution = nil, nil, nil
  redis.call('ZREM', LEASES, id)
  add_entry(m, by, 'resolve', ARGV[6] .. ': ' .. ARGV[7])
  move(id, m, state)
end)
`);
