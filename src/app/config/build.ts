import { resolve } from 'node:path';
import { OWN_RATES, OWN_RULES } from '../paths.ts';
import { redisOf, saslOf, type Tell, tlsOf } from './connections.ts';
import type { ConfigValues } from './schema.ts';
import type { Config } from './types.ts';

/** From checked values to what the rest of the program uses; what only two settings together can get wrong is found here. */
export function build(values: ConfigValues, problem: Tell): Config {
  const { memory, kafka, redis, http } = values;
  if (memory.rowsReserve > memory.rowsMax) problem('memory.rowsReserve', `must not exceed memory.rowsMax, which is ${memory.rowsMax}`);
  const sources = Object.entries(values.sources);
  const { partitions, replicationFactor, retention, sessionTimeout, brokers, clientId, group, topicPrefix } = kafka;
  return {
    rules: values.rules ?? OWN_RULES,
    rates: values.rates ?? OWN_RATES,
    mode: values.mode,
    latenessMs: values.lateness,
    reportingCurrency: values.reportingCurrency,
    returnHorizonMs: values.returnHorizon,
    alertKey: values.alertKey ?? null,
    stateDir: resolve(values.stateDir),
    latenessMsBySource: new Map(sources.flatMap(([name, { lateness }]) => (lateness === undefined ? [] : [[name, lateness] as const]))),
    prefixBySource: new Map(sources.flatMap(([name, { prefix }]) => (prefix === undefined ? [] : [[name, prefix] as const]))),
    memory,
    kafka: {
      ...{ brokers, clientId, group, topicPrefix, partitions, replicationFactor, retentionMs: retention, sessionTimeoutMs: sessionTimeout },
      tls: tlsOf('kafka.tls', kafka.tls, false, problem),
      sasl: saslOf(kafka.sasl, problem),
    },
    redis: redisOf(redis, problem),
    http,
    logLevel: values.log.level,
  };
}
