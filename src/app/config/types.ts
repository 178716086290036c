import type { LogLevel } from '../../base/log.ts';
import type { Secret } from '../../base/secret.ts';

/** Certificates and key as PEM texts; null stands for what Node.js has of its own, or for none. */
export interface Tls {
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: Secret | null;
}

export interface Sasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: Secret;
}

/** The whole configuration, checked. Paths are absolute, durations milliseconds. */
export interface Config {
  readonly rules: string;
  readonly rates: string;
  readonly mode: 'eager' | 'final';
  readonly latenessMs: number;
  readonly reportingCurrency: string;
  readonly returnHorizonMs: number;
  /** Null where none is given: the published key is used. */
  readonly alertKey: Secret | null;
  readonly stateDir: string;
  readonly latenessMsBySource: ReadonlyMap<string, number>;
  readonly prefixBySource: ReadonlyMap<string, string>;
  readonly memory: { readonly rowsMax: number; readonly rowsReserve: number; readonly dayLegsMax: number };
  readonly kafka: {
    readonly brokers: readonly string[];
    readonly clientId: string;
    readonly group: string;
    readonly topicPrefix: string;
    readonly partitions: number;
    readonly replicationFactor: number;
    readonly retentionMs: number;
    readonly sessionTimeoutMs: number;
    readonly tls: Tls | null;
    readonly sasl: Sasl | null;
  };
  readonly redis: {
    readonly host: string;
    readonly port: number;
    readonly database: number;
    readonly prefix: string;
    readonly username: string | null;
    readonly password: Secret | null;
    readonly tls: Tls | null;
  };
  readonly http: { readonly port: number; readonly host: string };
  readonly logLevel: LogLevel;
}
