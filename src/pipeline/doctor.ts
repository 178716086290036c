import { accessSync, constants, mkdirSync } from 'node:fs';
import type { Standing } from '../alerts/queue.ts';
import { OperatingError } from '../base/errors.ts';
import { type Check, failed, passed } from './checks.ts';
import { createDetector } from './createDetector.ts';
import { createKafka } from './kafka/client.ts';
import { TopicLog } from './kafka/topicLog.ts';
import { applyTopics, checkTopics } from './kafka/topics.ts';
import type { RunOptions } from './options.ts';
import { neededRetentionMs } from './replay.ts';
import { checkDigests, checkLog } from './standing.ts';
import { latenessMaxMs, ratesLike, viewLog } from './takeover.ts';

/** Reach + F + P of the active typologies: how far back a replay goes. */
export function retentionOf({ ruleSet, settings, rates }: Pick<RunOptions, 'ruleSet' | 'settings' | 'rates'>): number {
  const typologies = ruleSet.typologies.filter((typology) => typology.status === 'active');
  return createDetector({ typologies, rates, settings: { ...settings, rowsReserve: 1 } }).engine.retentionMs;
}

/** Makes the topics that are missing and answers their names. Throws `OperatingError` where Kafka cannot be reached. */
export async function makeTopics(options: RunOptions): Promise<string[]> {
  const neededMs = neededRetentionMs(retentionOf(options), latenessMaxMs(options.settings));
  return applyTopics(createKafka(options.kafka, options.log), { ...options.topics, neededMs });
}

/** Everything that `run` would refuse to start with, and what to do; nothing is changed. A server that cannot be reached is a check that failed. */
export async function doctorChecks(options: RunOptions): Promise<Check[]> {
  const state = checkStateDir(options.stateDir);
  const [store, kafka] = await Promise.all([asChecks('redis', 'Redis', () => options.storeChecks()), asChecks('kafka', 'Kafka', () => kafkaChecks(options))]);
  return [state, ...store, ...kafka];
}

async function kafkaChecks(options: RunOptions): Promise<Check[]> {
  // A check wants an answer now; trying again would take ten seconds over a wrong certificate.
  const kafka = createKafka(options.kafka, options.log, 0);
  const retentionMs = retentionOf(options);
  const topics = await checkTopics(kafka, { ...options.topics, neededMs: neededRetentionMs(retentionMs, latenessMaxMs(options.settings)) });
  const reached = passed('kafka-unavailable', 'Kafka', 'it answers');
  if (topics.some((check) => !check.ok && check.code === 'topic-missing')) return [reached, ...topics];
  const standing = await standingOf(options);
  if (standing === null) return [reached, ...topics];
  const log = new TopicLog(kafka, options.topics.names.transactions);
  await log.connect();
  try {
    const view = await viewLog(log, options.topics.names.transactions, standing, retentionMs);
    const digests = checkDigests(standing, options.ruleSet.digest, (stored) => ratesLike(options.rates, stored), options.redisPrefix);
    return [reached, ...topics, ...checkLog(standing, view, options.acceptGap ?? false), ...digests];
  } finally {
    await log.disconnect();
  }
}

/** Null where the queue cannot be asked, which the checks of its server tell. */
async function standingOf({ queue }: RunOptions): Promise<Standing | null> {
  try {
    return await queue.standing();
  } catch (error) {
    if (error instanceof OperatingError) return null;
    throw error;
  }
}

async function asChecks(code: string, name: string, ask: () => Promise<readonly Check[]>): Promise<readonly Check[]> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    return [failed(error.code, name, error.message, `Look at the ${code} settings of the configuration, and whether the server runs`)];
  }
}

/** Whether a dying process can leave word for the next (S20). */
export function checkStateDir(dir: string): Check {
  try {
    mkdirSync(dir, { recursive: true });
    accessSync(dir, constants.W_OK);
    return passed('state-dir-unwritable', 'state folder', `${dir} can be written`);
  } catch {
    return failed('state-dir-unwritable', 'state folder', `The state folder ${dir} cannot be written`, 'Name another one: MONEYTRAIL_STATE_DIR');
  }
}
