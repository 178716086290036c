import { script } from './common.ts';

export const note = script(`
-- Purpose:   anybody writes something on an alert.
-- Guarantee: kept once, whoever holds the alert, and whatever its state.
-- KEYS:      as common; written: META, REQUESTS, REQUEST_ORDER.
-- ARGV:      4 alert id, 5 name, 6 text.
-- RETURNS:   as step().
return step('note', false, function(id, m, by, state)
  add_entry(m, by, 'note', ARGV[6])
  move(id, m, state)
end)
`);
