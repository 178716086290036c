import { script } from './common.ts';

export const standing = script(`
-- Purpose:   where the owner of the input stands.
-- Guarantee: all parts are of one moment. Nothing is written.
-- KEYS:      as common.
-- ARGV:      none of its own.
-- RETURNS:   { fields and values of STANDING, the places to skip }.
return { redis.call('HGETALL', STANDING), redis.call('SMEMBERS', SKIP) }
`);
