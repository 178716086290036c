import type { Check } from '../api/http.ts';
import type { RunStatus } from '../pipeline/run.ts';

/** Why a run does not do its work now, in words for the operator. */
export const UNREADY: Readonly<Record<string, string>> = {
  starting: 'The process is starting.',
  stopping: 'The process has been told to stop and finishes what it has begun.',
  stopped: 'The run has ended.',
  preparing: 'This process takes over the input.',
  replaying: 'The state is being rebuilt from the log; nothing is scored until that is done.',
  'servers-unreachable': 'Kafka or Redis has not answered for more than 10 seconds; intake waits.',
  'input-stalled':
    'For a minute nothing has moved although records wait; the group is being joined anew. A producer that holds a transaction open can cause it.',
  'engine-full': 'The engine holds as many transactions as memory.rowsMax allows; intake has stopped. Raise it, or shorten windows.',
  'clock-skew': 'A record was accepted whose time lies before what is settled already: clocks of the brokers or of this machine are wrong.',
};

/** What an operator should look at although the run goes on. */
export const ALARMS: Readonly<Record<string, string>> = {
  'engine-fault': 'A record that twice ended the process was put into quarantine and is skipped. Report the fault; the place is in the log.',
  'queue-rolled-back': 'The queue was behind the committed offsets: Redis has lost writes that it had acknowledged. They have been made again.',
};

const reasonOf = (table: Readonly<Record<string, string>>, code: string): string => table[code] ?? code;

/** The conditions of /readyz: every one that is known, with the reason where it does not hold. A process that stands by is ready. */
export function readinessOf({ reasons, alarms }: RunStatus): readonly Check[] {
  const codes = new Set([...Object.keys(UNREADY), ...reasons]);
  const conditions = [...codes].map((code): Check => (reasons.includes(code) ? { code, ok: false, reason: reasonOf(UNREADY, code) } : { code, ok: true }));
  return [...conditions, ...alarms.map((code): Check => ({ code, ok: true, reason: reasonOf(ALARMS, code) }))];
}
