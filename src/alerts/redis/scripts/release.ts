import { script } from './common.ts';

export const release = script(`
-- Purpose:   the holder gives the alert back.
-- Guarantee: counted as a try; the alert is ready again, or dead after the last try, or withdrawn where it has no hits.
-- KEYS:      as common; written: META, LEASES, REQUESTS, REQUEST_ORDER, rankings.
-- ARGV:      4 alert id, 5 name, 6 note or ''.
-- RETURNS:   as step().
return step('release', true, function(id, m, by)
  local note = nil
  if ARGV[6] ~= '' then note = ARGV[6] end
  give_back(id, m, 'release', by, note)
end)
`);
