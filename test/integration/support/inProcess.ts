import { createLog } from '../../../src/base/log.ts';
import { Vocabulary } from '../../../src/base/vocabulary.ts';
import { DEFAULT_SETTINGS } from '../../../src/detection/settings.ts';
import { topicNames } from '../../../src/pipeline/kafka/topics.ts';
import { NO_METRICS } from '../../../src/pipeline/metrics.ts';
import { createRun, type Run, type RunOptions } from '../../../src/pipeline/run.ts';
import { NO_RATES } from '../../../src/transactions/rates.ts';
import { loadRules } from '../../../src/typologies/load.ts';
import { type Deployment, RULES } from './deployment.ts';

/** `run` in the process of the test, where a part of it has to be another one, or its pace. */
export function runInProcess(deployment: Deployment, stateDir: string, changes: Partial<RunOptions> = {}): Run {
  const { ruleSet, diagnostics } = loadRules(RULES);
  if (ruleSet === null) throw new Error(`the rules of the tests are broken: ${JSON.stringify(diagnostics)}`);
  return createRun({
    kafka: { brokers: deployment.servers.brokers.split(','), clientId: 'in-process' },
    topics: { names: topicNames(`${deployment.name}.`), partitions: 1, replicationFactor: 1, retentionMs: 0 },
    group: deployment.name,
    sessionTimeoutMs: 6000,
    queue: deployment.queue,
    storeChecks: async () => [],
    ruleSet,
    rates: NO_RATES,
    settings: { ...DEFAULT_SETTINGS, rowsReserve: 4096 },
    stateDir,
    redisPrefix: deployment.name,
    metrics: NO_METRICS,
    log: createLog({ level: 'silent', vocabulary: new Vocabulary() }),
    ...changes,
  });
}
