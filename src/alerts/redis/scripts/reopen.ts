import { script } from './common.ts';

export const reopen = script(`
-- Purpose:   takes a disposition back, or an alert out of the dead letters.
-- Guarantee: the alert is ready with all its tries, or withdrawn where it has no hits. The history keeps what was decided before.
-- KEYS:      as common; written: META, REQUESTS, REQUEST_ORDER, rankings.
-- ARGV:      4 alert id, 5 name, 6 reason.
-- RETURNS:   as step().
return step('reopen', false, function(id, m, by, state)
  m.tries, m.resolution, m.lapsedBy = 0, nil, nil
  add_entry(m, by, 'reopen', ARGV[6])
  move(id, m, state)
end)
`);
