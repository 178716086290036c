import type { AlertQueue } from '../alerts/queue.ts';
import { createMetrics, type PrometheusMetrics } from '../api/prometheus.ts';
import { createLog, type Log } from '../base/log.ts';
import { DEFAULT_SETTINGS } from '../detection/settings.ts';
import { topicNames } from '../pipeline/kafka/topics.ts';
import type { RunOptions } from '../pipeline/options.ts';
import { loadRates } from '../transactions/rates.ts';
import type { Config } from './config/types.ts';
import { packageVersion } from './paths.ts';
import { openQueue } from './queue.ts';
import { rulesToRun } from './rules.ts';
import { storeChecks } from './storeChecks.ts';
import { vocabularyOf } from './vocabulary.ts';

/** All that a live command works with. */
export interface Live {
  readonly options: RunOptions;
  readonly queue: AlertQueue;
  readonly log: Log;
  readonly metrics: PrometheusMetrics;
}

/** Wires rules, rates, queue, log and metrics as the configuration says. Throws `rules-invalid` and what reading throws; no server is asked. */
export function wire(config: Config, flags: { readonly acceptGap?: boolean } = {}): Live {
  const ruleSet = rulesToRun(config.rules);
  const names = topicNames(config.kafka.topicPrefix);
  const vocabulary = vocabularyOf(
    config,
    ruleSet.typologies.map(({ id }) => id),
  );
  const log = createLog({ level: config.logLevel, vocabulary });
  const metrics = createMetrics(vocabulary);
  const queue = openQueue(config);
  const { brokers, clientId, tls, sasl } = config.kafka;
  const options: RunOptions = {
    kafka: {
      brokers,
      clientId,
      ...(tls === null ? {} : { tls: { ...(tls.ca && { ca: tls.ca }), ...(tls.cert && { cert: tls.cert }), ...(tls.key && { key: tls.key.reveal() }) } }),
      ...(sasl === null ? {} : { sasl: { mechanism: sasl.mechanism, username: sasl.username, password: sasl.password.reveal() } }),
    },
    topics: { names, partitions: config.kafka.partitions, replicationFactor: config.kafka.replicationFactor, retentionMs: config.kafka.retentionMs },
    group: config.kafka.group,
    sessionTimeoutMs: config.kafka.sessionTimeoutMs,
    queue,
    storeChecks: () => storeChecks(config),
    ruleSet,
    rates: loadRates(config.rates),
    settings: {
      ...DEFAULT_SETTINGS,
      mode: config.mode,
      reportingCurrency: config.reportingCurrency,
      alertKey: config.alertKey?.reveal() ?? DEFAULT_SETTINGS.alertKey,
      latenessMs: config.latenessMs,
      latenessBySource: config.latenessMsBySource,
      returnHorizonMs: config.returnHorizonMs,
      ...config.memory,
      engineVersion: packageVersion(),
    },
    prefixBySource: config.prefixBySource,
    stateDir: config.stateDir,
    redisPrefix: config.redis.prefix,
    ...(flags.acceptGap === undefined ? {} : { acceptGap: flags.acceptGap }),
    metrics,
    log,
  };
  return { options, queue, log, metrics };
}
