import { script } from './common.ts';

export const get = script(`
-- Purpose:   one alert.
-- Guarantee: its parts are of one moment, and a lease that ran out is not shown as one.
-- KEYS:      as common.
-- ARGV:      4 alert id.
-- RETURNS:   the alert, or nil.
expire()
if redis.call('HEXISTS', META, ARGV[4]) == 0 then return nil end
return alert(ARGV[4])
`);
