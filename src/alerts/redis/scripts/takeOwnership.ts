import { script } from './common.ts';

export const takeOwnership = script(`
-- Purpose:   a new owner of the input says who it is and learns where it has to begin (S20).
-- Guarantee: the epoch is raised and the standing read in one step, so that no batch of an old owner can come in between.
-- KEYS:      as common; written: STANDING.
-- ARGV:      4 the owner's name.
-- RETURNS:   { fields and values of STANDING, the places to skip }.
redis.call('HINCRBY', STANDING, 'epoch', 1)
redis.call('HSET', STANDING, 'owner', ARGV[4])
return { redis.call('HGETALL', STANDING), redis.call('SMEMBERS', SKIP) }
`);
