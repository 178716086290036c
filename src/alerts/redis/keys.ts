import { EXIT, OperatingError } from '../../base/errors.ts';
import { LANES } from '../rank.ts';
import { ALERT_STATES } from '../states.ts';

/** Braces would end the hash tag early, and blanks make `redis-cli` a riddle. */
const PREFIX = /^[\w.:-]{1,100}$/;

export interface QueueKeys {
  readonly final: string;
  readonly firehose: string;
  readonly skip: string;
  /** All keys in the order in which every script gets them. They lie in one slot of a Redis Cluster, since they share a hash tag. */
  readonly all: readonly string[];
}

export function queueKeys(prefix: string): QueueKeys {
  if (!PREFIX.test(prefix))
    throw new OperatingError('redis-prefix-invalid', 'the Redis prefix must be 1 to 100 letters, digits, or . _ : -', { exitStatus: EXIT.wrongUse });
  const key = (name: string): string => `{${prefix}}:${name}`;
  const [final, firehose, skip] = [key('final'), key('firehose'), key('skip')];
  const rankings = ALERT_STATES.flatMap((state) => LANES.map((lane) => key(`${state}:${lane}`)));
  const all = [key('standing'), skip, key('meta'), key('body'), key('leases'), final, firehose, key('requests'), key('request-order'), ...rankings];
  return { final, firehose, skip, all };
}

/** The names under which the scripts know the first keys; the rankings follow, by state, then by lane. */
export const KEY_NAMES = ['STANDING', 'SKIP', 'META', 'BODY', 'LEASES', 'FINAL', 'FIREHOSE', 'REQUESTS', 'REQUEST_ORDER'] as const;
export const KEYS_TOTAL = KEY_NAMES.length + ALERT_STATES.length * LANES.length;
