import kafkajs, { type Kafka, type KafkaConfig } from 'kafkajs';
import type { Log } from '../../base/log.ts';
import { registerCodecs } from './codecs.ts';
import { kafkaLogs } from './logs.ts';
import { patchKafkajs } from './patches.ts';

export type SaslMechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512';

/** What consumers, producers and admin clients are made from. */
export type KafkaClient = Kafka;

/** How to reach Kafka. */
export interface KafkaConnection {
  /** `host:port` of one or more brokers. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Encrypted; `ca`, `cert` and `key` are PEM texts. The host name is always checked. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly sasl?: { readonly mechanism: SaslMechanism; readonly username: string; readonly password: string };
}

/** Milliseconds. Connections within a data centre take a few; TLS and SASL some hundred on a busy machine. */
const CONNECTION_TIMEOUT_MS = 5000;
const AUTHENTICATION_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15_000;
/** The default back-off of kafkajs grows to 30 s, and its counter is never set back. */
export const RETRY = { initialRetryTime: 100, maxRetryTime: 1000, retries: 5 } as const;

/** Nothing is connected yet. `retries`: how often a call is tried again; a check of the configuration wants none. */
export function createKafka(connection: KafkaConnection, log: Log, retries: number = RETRY.retries): KafkaClient {
  patchKafkajs();
  registerCodecs();
  const { tls, sasl } = connection;
  const config: KafkaConfig = {
    clientId: connection.clientId,
    brokers: [...connection.brokers],
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    authenticationTimeout: AUTHENTICATION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: { ...RETRY, retries },
    logLevel: kafkajs.logLevel.INFO,
    logCreator: kafkaLogs(log),
  };
  if (tls !== undefined) {
    config.ssl = {
      ...(tls.ca === undefined ? {} : { ca: [tls.ca] }),
      ...(tls.cert === undefined ? {} : { cert: tls.cert }),
      ...(tls.key === undefined ? {} : { key: tls.key }),
    };
  }
  // The three mechanisms take the same fields; the type of kafkajs is a union over them.
  if (sasl !== undefined) config.sasl = { ...sasl } as NonNullable<KafkaConfig['sasl']>;
  return new kafkajs.Kafka(config);
}
