import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { AlertQueue, Standing } from '../../../src/alerts/queue.ts';
import { redisConnection } from '../../../src/alerts/redis/connection.ts';
import { createRedisQueue } from '../../../src/alerts/redis/queue.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** The built command line; unless another is named, `build` makes it anew, so that no test runs yesterday's code. */
const CLI = process.env['MONEYTRAIL_CLI'] ?? join(ROOT, 'dist/cli/main.js');
export const RULES = join(ROOT, 'test/integration/rules');
export const ALERT_KEY = 'a key for the integration tests';

/** One rate for each of the last days: sterling can be converted, and kronor, which have none, make a verdict errored. */
export const RATE_ROWS = Array.from({ length: 5 }, (_, i) => ({
  date: new Date(Date.now() - (i + 1) * 86_400_000).toISOString().slice(0, 10),
  currency: 'GBP',
  perEuro: `0.8${i}`,
}));

export function build(): void {
  if (process.env['MONEYTRAIL_CLI'] !== undefined) return;
  const done = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], { cwd: ROOT, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`the command line does not build:\n${done.stdout}`);
}

/** Characters of what a process said, in a failure. */
const ERRORS_SHOWN = 4000;

export interface Servers {
  readonly brokers: string;
  readonly redisUrl: string;
}

/** One run of the command line to its end. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** A child process with what it wrote. */
export class Child {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  private out = '';
  private err = '';

  constructor(args: readonly string[], env: NodeJS.ProcessEnv) {
    this.process = spawn(process.execPath, [CLI, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'], cwd: ROOT });
    this.process.stdout!.on('data', (bytes: Buffer) => (this.out += bytes.toString()));
    this.process.stderr!.on('data', (bytes: Buffer) => (this.err += bytes.toString()));
    this.ended = new Promise((resolve) => this.process.once('close', (status, signal) => resolve({ status, signal, out: this.out, err: this.err })));
  }

  /** What it wrote to standard error so far. */
  get errors(): string {
    return this.err;
  }

  get isAlive(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Seconds of processor time so far. */
  cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.process.pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    const TICKS_PER_SECOND = 100;
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }

  /** Waits until the log says something. Fails where the process ends before, or after `ms`. */
  async says(text: string, ms = 30_000): Promise<void> {
    await until(
      `the process says "${text}"`,
      () => {
        if (this.process.exitCode !== null) throw new Error(`the process ended with ${this.process.exitCode} before it said "${text}":\n${this.err}`);
        return this.err.includes(text);
      },
      ms,
    );
  }

  async stop(): Promise<Ended> {
    this.process.kill('SIGTERM');
    return this.ended;
  }

  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.ended;
  }
}

/** Topics, queue and state of one test, apart from every other. */
export class Deployment {
  readonly name = `it${randomUUID().slice(0, 8)}`;
  readonly topic = `${this.name}.transactions`;
  readonly quarantine = `${this.name}.moneytrail.quarantine`;
  readonly late = `${this.name}.moneytrail.late`;
  readonly queue: AlertQueue;
  readonly servers: Servers;
  private readonly stateDir = mkdtempSync(join(tmpdir(), 'moneytrail-it-'));
  private readonly rates = join(this.stateDir, 'rates.csv');
  private readonly more: Readonly<Record<string, string>>;
  private readonly children: Child[] = [];

  constructor(servers: Servers, more: Readonly<Record<string, string>> = {}) {
    this.servers = servers;
    this.more = more;
    writeFileSync(this.rates, `date,currency,perEuro\n${RATE_ROWS.map((row) => `${row.date},${row.currency},${row.perEuro}\n`).join('')}`);
    this.queue = createRedisQueue({ redis: redisConnection(servers.redisUrl), prefix: this.name, engineVersion: '0.1.0' });
  }

  env(changes: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      KAFKA_BROKERS: this.servers.brokers,
      REDIS_URL: this.servers.redisUrl,
      KAFKA_PARTITIONS: '4',
      KAFKA_SESSION_TIMEOUT: '6s',
      MONEYTRAIL_TOPIC_PREFIX: `${this.name}.`,
      MONEYTRAIL_GROUP: this.name,
      MONEYTRAIL_REDIS_PREFIX: this.name,
      MONEYTRAIL_RULES: RULES,
      MONEYTRAIL_RATES: this.rates,
      MONEYTRAIL_ALERT_KEY: ALERT_KEY,
      MONEYTRAIL_STATE_DIR: this.stateDir,
      MONEYTRAIL_ROWS_RESERVE: '65536',
      LOG_LEVEL: 'info',
      ...this.more,
      ...changes,
    };
  }

  child(args: readonly string[], changes?: Readonly<Record<string, string>>): Child {
    const child = new Child(args, this.env(changes));
    this.children.push(child);
    return child;
  }

  run(changes?: Readonly<Record<string, string>>): Child {
    return this.child(['run'], changes);
  }

  async command(args: readonly string[], changes?: Readonly<Record<string, string>>): Promise<Ended> {
    return this.child(args, changes).ended;
  }

  async applyTopics(): Promise<void> {
    const { status, err } = await this.command(['topics', 'apply']);
    if (status !== 0) throw new Error(`topics apply ended with ${status}:\n${err}`);
  }

  /** Records that the frontier has passed. */
  static passed({ frontier }: Standing): number {
    return Object.entries(frontier).reduce((sum, [key, next]) => (/\/\d+$/.test(key) ? sum + next : sum), 0);
  }

  /** Waits until the frontier has passed so many records; `run`: which fails at once where it has ended. */
  async passes(records: number, ms = 120_000, run?: Child): Promise<void> {
    await until(
      `${records} records are passed`,
      async () => {
        if (run !== undefined && !run.isAlive)
          throw new Error(`the process ended before it had passed ${records} records:\n${run.errors.slice(-ERRORS_SHOWN)}`);
        return Deployment.passed(await this.queue.standing()) >= records;
      },
      ms,
    );
  }

  async close(): Promise<void> {
    for (const child of this.children) if (child.isAlive) await child.kill();
    await this.queue.close();
    rmSync(this.stateDir, { recursive: true, force: true });
  }
}

export async function until(what: string, isSo: () => boolean | Promise<boolean>, ms: number): Promise<void> {
  for (const endMs = Date.now() + ms; !(await isSo()); ) {
    if (Date.now() > endMs) throw new Error(`waited ${ms} ms in vain until ${what}`);
    await sleep(50);
  }
}
