import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKafka } from '../../support/servers/kafka.mjs';
import { startRedis } from '../../support/servers/redis.mjs';

export interface OwnKafka {
  readonly brokers: string;
  readonly secure: {
    readonly sasl: string;
    readonly tls: string;
    readonly saslTls: string;
    readonly certificates: { readonly caFile: string; readonly clientCertFile: string; readonly clientKeyFile: string };
  } | null;
  start(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

export interface OwnRedis {
  readonly url: string;
  readonly port: number;
  start(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** Servers that a test may stop, kill and start again. */
export class OwnServers {
  private readonly dir = mkdtempSync(join(tmpdir(), 'moneytrail-own-'));
  private readonly started: { stop(): Promise<void> }[] = [];
  private count = 0;

  async kafka(options: { readonly secure?: boolean } = {}): Promise<OwnKafka> {
    const server = (await startKafka({ dir: join(this.dir, `kafka-${this.count++}`), ...options })) as OwnKafka;
    this.started.push(server);
    return server;
  }

  async redis(args: readonly string[] = []): Promise<OwnRedis> {
    const server = (await startRedis({ dir: join(this.dir, `redis-${this.count++}`), args: [...args] })) as OwnRedis;
    this.started.push(server);
    return server;
  }

  async stop(): Promise<void> {
    for (const server of this.started.reverse()) await server.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
