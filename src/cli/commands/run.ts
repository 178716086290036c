import type { Command } from 'commander';
import { startHttp } from '../../api/http.ts';
import type { Config } from '../../app/config/types.ts';
import { describeConfig, loadConfig } from '../../app/config.ts';
import { type Live, wire } from '../../app/live.ts';
import { readinessOf } from '../../app/readiness.ts';
import { EXIT, OperatingError } from '../../base/errors.ts';
import { type Check, failed, passed } from '../../pipeline/checks.ts';
import { doctorChecks, makeTopics } from '../../pipeline/doctor.ts';
import { createRun, type Run } from '../../pipeline/run.ts';
import type { Io } from '../io.ts';
import type { Outcome } from '../outcome.ts';
import { type StopSignals, stopSignals } from '../signals.ts';

interface Flags {
  config?: string;
  acceptGap?: true;
  json?: true;
  settings?: true;
}

export function registerRun(root: Command, io: Io, outcome: Outcome): void {
  root
    .command('run')
    .description('Kafka in, alerts to the queue in Redis, until told to stop (SIGTERM, SIGINT).')
    .option('--config <file>', 'configuration file')
    .option('--accept-gap', 'go on although the log has lost records that were not yet read')
    .action(run);
  root
    .command('topics')
    .description('The topics in Kafka.')
    .command('apply')
    .description('Make the topics that are missing, with the settings that they need, and check the others.')
    .option('--config <file>', 'configuration file')
    .action(async (flags: Flags) => {
      const config = loadConfig(process.env, flags.config).config;
      await withLive(config, async ({ options }) => {
        const made = await makeTopics(options);
        for (const name of made) io.out(`made ${name}\n`);
        if (made.length === 0) io.out('all topics are there\n');
        const wrong = (await doctorChecks(options)).filter((check) => !check.ok && check.code.startsWith('topic-'));
        printChecks(wrong, io);
        if (wrong.length > 0) outcome.status = EXIT.notInOrder;
      });
    });
  root
    .command('doctor')
    .description('Say whether Kafka, Redis, topics, rules, rates and configuration are fit to run, and what to do where not.')
    .option('--config <file>', 'configuration file')
    .option('--accept-gap', 'as for run')
    .option('--json', 'one check a line')
    .option('--settings', 'first every setting, with its value and where it was said')
    .action(async (flags: Flags) => {
      if (flags.settings === true) (flags.json === true ? io.err : io.out)(describeConfig(loadConfig(process.env, flags.config)));
      const checks = await examine(flags);
      if (flags.json === true) io.out(checks.map((check) => `${JSON.stringify(check)}\n`).join(''));
      else printChecks(checks, io);
      if (checks.some((check) => !check.ok)) outcome.status = EXIT.notInOrder;
    });
}

async function run(flags: Flags): Promise<void> {
  const signals = stopSignals;
  signals.listen();
  try {
    const { config } = loadConfig(process.env, flags.config);
    await withLive(config, (live) => (signals.told() ? Promise.resolve() : work(config, live, signals)), flags.acceptGap === true);
  } finally {
    signals.release();
  }
}

async function work(config: Config, live: Live, signals: StopSignals): Promise<void> {
  const { log, metrics, options } = live;
  if (config.alertKey === null) log.warn({}, 'Ids of alerts are made with the published key, so that they can be guessed: set MONEYTRAIL_ALERT_KEY');
  const run = createRun(options);
  const http = await startHttp({
    port: config.http.port,
    host: config.http.host,
    metrics,
    health: () => [{ code: 'running', ok: run.status().state !== 'stopped' }],
    ready: () => readinessOf(run.status()),
    onError: (error) => log.error({ error }, 'The operator’s port failed to answer'),
  });
  try {
    signals.onFirst((signal) => {
      log.info({ signal }, 'Told to stop');
      // What goes wrong shows in `finished`.
      run.stop().catch(() => undefined);
    });
    if (signals.told() || !(await started(run, live, signals))) return;
    log.info({ version: options.settings.engineVersion, typologies: options.ruleSet.typologies.length, port: http.port }, 'Running');
    await run.finished;
  } finally {
    await http.close();
  }
}

/** False where it was told to stop meanwhile: a start that is broken off fails somewhere, since its connections are taken away. */
async function started(run: Run, { log }: Live, signals: StopSignals): Promise<boolean> {
  try {
    await run.start();
  } catch (error) {
    if (!signals.told()) throw error;
    log.info({ error }, 'Stopped before it had started');
  }
  return !signals.told();
}

async function withLive(config: Config, use: (live: Live) => Promise<void>, acceptGap = false): Promise<void> {
  const live = wire(config, { acceptGap });
  try {
    await use(live);
  } finally {
    await live.queue.close();
  }
}

/** A configuration, rule set or rate table that cannot be read is a finding too, not the end of the examination. */
async function examine(flags: Flags): Promise<Check[]> {
  const steps: Check[] = [];
  try {
    const { config } = loadConfig(process.env, flags.config);
    steps.push(passed('config-invalid', 'configuration', 'it can be read'));
    await withLive(
      config,
      async ({ options }) => {
        steps.push(
          passed('rules-invalid', 'rules', `${options.ruleSet.typologies.length} typologies load`),
          passed('rates-invalid', 'rates', 'the table loads'),
        );
        steps.push(...(await doctorChecks(options)));
      },
      flags.acceptGap === true,
    );
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    steps.push(failed(error.code, 'set-up', error.message, 'Mend it, then ask again; nothing after it was looked at'));
  }
  return steps;
}

function printChecks(checks: readonly Check[], io: Io): void {
  for (const check of checks) {
    io.out(`${check.ok ? 'ok  ' : 'BAD '} ${check.name}: ${check.message}\n`);
    if (!check.ok && check.fix !== '') io.out(`       ${check.fix}\n`);
  }
}
