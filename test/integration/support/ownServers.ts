import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKafka } from '../../support/servers/kafka.mjs';
import { freePort } from '../../support/servers/processes.mjs';
import { startProxy } from '../../support/servers/proxy.mjs';
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

/** What can go wrong between a client and a server. */
export interface ServerProxy {
  readonly port: number;
  readonly faults: { delayMs: number; dropReplies: boolean; refuse: boolean; cutReplyOver: number };
  cut(): void;
  away(): Promise<void>;
  back(): Promise<void>;
  close(): Promise<void>;
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

  /** A broker to which clients come through a proxy only, at its own word. */
  async kafkaBehindProxy(): Promise<ServerProxy> {
    const [port, proxyPort] = [await freePort(), await freePort()];
    const proxy = (await startProxy(port, proxyPort)) as ServerProxy;
    this.started.push({ stop: () => proxy.close() });
    const properties = { 'advertised.listeners': `PLAINTEXT://127.0.0.1:${proxyPort}` };
    this.started.push(await startKafka({ dir: join(this.dir, `kafka-${this.count++}`), port, properties }));
    return proxy;
  }

  async redisBehindProxy(): Promise<ServerProxy> {
    const { port } = await this.redis();
    const proxy = (await startProxy(port)) as ServerProxy;
    this.started.push({ stop: () => proxy.close() });
    return proxy;
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
