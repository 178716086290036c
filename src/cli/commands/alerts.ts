import type { Command } from 'commander';
import { LEASE_MS, LIST_LIMIT, LIST_LIMIT_MAX } from '../../alerts/limits.ts';
import { alertLine, timeText } from '../../alerts/line.ts';
import { type AlertQueue, DISPOSITIONS, type Disposition, type Lane, type StoredAlert, type Transition } from '../../alerts/queue.ts';
import { LANES, listCursor } from '../../alerts/rank.ts';
import { renderAlert } from '../../alerts/render/alert.ts';
import { renderList } from '../../alerts/render/list.ts';
import { plain } from '../../alerts/render/plain.ts';
import { ALERT_STATES, type AlertState } from '../../alerts/states.ts';
import { loadConfig } from '../../app/config.ts';
import { openQueue } from '../../app/queue.ts';
import { EXIT, OperatingError } from '../../base/errors.ts';
import { duration, oneOf, wholeNumber } from '../arguments.ts';
import type { Io } from '../io.ts';
import { unavailable } from '../unavailable.ts';

/** What every command on the queue can be told. */
interface Common {
  config?: string;
  json?: true;
}
interface Acting extends Common {
  as: string;
}

export function registerAlerts(root: Command, io: Io): void {
  const alerts = root.command('alerts').description('The analyst’s tools on the alert queue.');
  registerReading(alerts, io);
  registerClaim(alerts, io);
  registerHolding(alerts, io);
  registerClosing(alerts, io);
  unavailable(alerts, ['export']);
}

function registerReading(alerts: Command, io: Io): void {
  common(alerts.command('list').description('Alerts in the order in which they are to be worked, persons at risk first.'))
    .option('--state <state>', `${ALERT_STATES.join(', ')} or any`, oneOf([...ALERT_STATES, 'any']), 'ready')
    .option('--lane <lane>', `only ${LANES.join(' or ')}`, oneOf(LANES))
    .option('--limit <n>', 'at most so many; without --json 100 unless given', wholeNumber(1, 1_000_000))
    .option('--as <name>', 'who asks; not kept, since reading changes nothing')
    .action((flags: Common & { state: AlertState | 'any'; lane?: Lane; limit?: number }) =>
      withQueue(flags, async (queue) => {
        const limit = flags.limit ?? (flags.json === true ? Number.POSITIVE_INFINITY : LIST_LIMIT);
        if (flags.json !== true) {
          const shown: StoredAlert[] = [];
          // One more than is shown tells whether there are more.
          for await (const page of pages(queue, flags.state, flags.lane, limit + 1)) shown.push(...page);
          io.out(renderList(shown.slice(0, limit), io.screen));
          if (shown.length > limit) io.err(`These are the first ${limit.toLocaleString('en')}; --limit shows more.\n`);
          return;
        }
        for await (const page of pages(queue, flags.state, flags.lane, limit))
          io.out(page.map((alert) => `${alertLine(alert, alert.engineVersion)}\n`).join(''));
      }),
    );
  common(alerts.command('show').description('One alert: who, what, when, where, why and how.').argument('<alert>', 'its id'))
    .option('--as <name>', 'who asks; not kept, since reading changes nothing')
    .action((id: string, flags: Common) =>
      withQueue(flags, async (queue) => {
        const alert = await queue.get(id);
        if (alert === null) throw refused(id, { ok: false, code: 'not-found', state: null });
        show(alert, flags, io);
      }),
    );
}

function registerClaim(alerts: Command, io: Io): void {
  acting(alerts.command('claim').description('Take the most urgent ready alerts, or a certain one, for a time.').argument('[alert]', 'a certain alert'))
    .option('--lane <lane>', LANES.join(' or '), oneOf(LANES), 'standard')
    .option('--count <n>', 'so many', wholeNumber(1, 100), 1)
    .option('--lease <duration>', 'how long they are yours', duration, LEASE_MS)
    .action((id: string | undefined, flags: Acting & { lane: Lane; count: number; lease: number }) =>
      withQueue(flags, async (queue) => {
        const claimed = await queue.claim({
          by: flags.as,
          lane: flags.lane,
          count: flags.count,
          leaseMs: flags.lease,
          ...(id === undefined ? {} : { alertId: id }),
        });
        if (claimed.length === 0 && id !== undefined) throw await whyNotClaimed(queue, id);
        if (flags.json === true) io.out(claimed.map((alert) => `${alertLine(alert, alert.engineVersion)}\n`).join(''));
        else io.out(claimed.length === 0 ? await nothingReady(queue, flags.lane) : renderList(claimed, io.screen));
      }),
    );
}

function registerHolding(alerts: Command, io: Io): void {
  acting(alerts.command('extend').description('Keep a claimed alert for longer, from now on.').argument('<alert>', 'its id'))
    .option('--lease <duration>', 'how long', duration, LEASE_MS)
    .action((id: string, flags: Acting & { lease: number }) => act(id, flags, io, (queue) => queue.extend(id, flags.as, flags.lease)));
  acting(alerts.command('release').description('Give a claimed alert back.').argument('<alert>', 'its id'))
    .option('--note <text>', 'why')
    .action((id: string, flags: Acting & { note?: string }) => act(id, flags, io, (queue) => queue.release(id, flags.as, flags.note)));
  acting(alerts.command('note').description('Write something down on an alert.').argument('<alert>', 'its id').argument('<text>', 'what')).action(
    (id: string, text: string, flags: Acting) => act(id, flags, io, (queue) => queue.note(id, flags.as, text)),
  );
}

function registerClosing(alerts: Command, io: Io): void {
  acting(alerts.command('resolve').description('Close a claimed alert.').argument('<alert>', 'its id'))
    .requiredOption('--disposition <disposition>', DISPOSITIONS.join(', '), oneOf(DISPOSITIONS))
    .requiredOption('--reason <text>', 'why, for whoever reviews it')
    .option('--rev <n>', 'only if the alert is still at this revision', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .action((id: string, flags: Acting & { disposition: Disposition; reason: string; rev?: number }) =>
      act(id, flags, io, (queue) => queue.resolve(id, flags.as, flags.disposition, flags.reason, flags.rev === undefined ? {} : { rev: flags.rev })),
    );
  acting(alerts.command('reopen').description('Take a resolution back, or an alert out of the dead letters.').argument('<alert>', 'its id'))
    .requiredOption('--reason <text>', 'why')
    .action((id: string, flags: Acting & { reason: string }) => act(id, flags, io, (queue) => queue.reopen(id, flags.as, flags.reason)));
}

function common(command: Command): Command {
  return command.option('--config <file>', 'configuration file').option('--json', 'alert/1, one a line');
}

function acting(command: Command): Command {
  return common(command).requiredOption('--as <name>', 'who acts; it is kept on the alert');
}

async function withQueue(flags: Common, use: (queue: AlertQueue) => Promise<void>): Promise<void> {
  const queue = openQueue(loadConfig(process.env, flags.config).config);
  try {
    await use(queue);
  } finally {
    await queue.close();
  }
}

function act(id: string, flags: Acting, io: Io, transition: (queue: AlertQueue) => Promise<Transition>): Promise<void> {
  return withQueue(flags, async (queue) => {
    const result = await transition(queue);
    if (!result.ok) throw refused(id, result);
    if (flags.json === true) io.out(`${alertLine(result.alert, result.alert.engineVersion)}\n`);
    else io.out(renderList([result.alert], io.screen));
  });
}

function show(alert: StoredAlert, flags: Common, io: Io): void {
  if (flags.json === true) io.out(`${alertLine(alert, alert.engineVersion)}\n`);
  else io.out(renderAlert(alert, io.screen));
}

async function* pages(queue: AlertQueue, state: AlertState | 'any', lane: Lane | undefined, limit: number): AsyncGenerator<StoredAlert[]> {
  let left = limit;
  let after: string | undefined;
  while (left > 0) {
    const size = Math.min(left, LIST_LIMIT_MAX);
    const page = await queue.list({ state, limit: size, ...(lane === undefined ? {} : { lane }), ...(after === undefined ? {} : { after }) });
    if (page.length > 0) yield page;
    if (page.length < size) return;
    left -= page.length;
    after = listCursor(page.at(-1)!);
  }
}

/** Whoever works one lane alone should not believe that there is nothing to do. */
async function nothingReady(queue: AlertQueue, lane: Lane): Promise<string> {
  const others: Lane[] = [];
  for (const other of LANES) if (other !== lane && (await queue.list({ state: 'ready', lane: other, limit: 1 })).length > 0) others.push(other);
  const hint = others.length === 0 ? '' : `; there is work in ${others.join(', ')} (--lane ${others[0]})`;
  return `Nothing is ready in the lane ${lane}${hint}.\n`;
}

async function whyNotClaimed(queue: AlertQueue, id: string): Promise<OperatingError> {
  const alert = await queue.get(id);
  if (alert === null || alert.content === null) return refused(id, { ok: false, code: 'not-found', state: null });
  const { claim, state } = alert;
  if (claim === null) return refused(id, { ok: false, code: 'wrong-state', state: state as AlertState });
  return refusal(id, 'wrong-state', `it is claimed by ${plain(claim.by)} until ${timeText(claim.untilMs)}`);
}

const WHY = {
  'not-found': 'there is no such alert, or it was retracted',
  'not-holder': 'it is not claimed by this name (a claim may have run out); claim it first',
  changed: 'it has changed since that revision; read it again',
} as const;

function refused(id: string, { code, state }: Extract<Transition, { ok: false }>): OperatingError {
  const why = code === 'wrong-state' ? `it is ${state}, and that does not allow it` : WHY[code];
  return refusal(id, code, why);
}

function refusal(id: string, code: string, why: string): OperatingError {
  return new OperatingError(`alert-${code}`, `alert ${plain(JSON.stringify(id.slice(0, 64)))}: ${why}`, { exitStatus: EXIT.wrongUse });
}
