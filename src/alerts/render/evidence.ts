import type { EvidenceEntry } from '../../detection/content.ts';
import { cut, plain } from './plain.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';
import { counted } from './text.ts';
import { Totals } from './totals.ts';

/** Characters of one line in a cell; what is longer is cut with `…` and stands whole on the line (`--json`). */
const CELL_LENGTH_MAX = 34;

/** The transactions in the order of time. The running total is that of the transaction's role and currency. */
export function transactionTable(transactions: readonly EvidenceEntry[], style: Style): string {
  const totals = new Totals();
  const rows = transactions.map((t) => rowOf(t, totals));
  return table(['time, kind, role', 'amount', 'so far', 'from', 'to', 'record, place'], rows, { right: [1, 2], columns: style.tableColumns });
}

function rowOf(t: EvidenceEntry, totals: Totals): string[] {
  const currency = plain(t.amount.currency);
  const total = totals.add([t.role, t.amount.currency], t.amount.value);
  return [
    [t.time, t.kind, t.role].map(cell).join('\n'),
    `${plain(t.amount.value)} ${currency}`,
    total === null ? '' : `${total} ${currency}`,
    side(t.debtor),
    side(t.creditor),
    [t.source, t.id, t.place].map(cell).join('\n'),
  ];
}

function side(party: EvidenceEntry['debtor']): string {
  return [party.party, party.account, party.country]
    .filter((text) => text !== undefined)
    .map(cell)
    .join('\n');
}

function cell(text: string): string {
  return cut(plain(text), CELL_LENGTH_MAX);
}

/** What was moved in all, then by role: the currencies apart. */
export function totalLines(transactions: readonly EvidenceEntry[], truncated: boolean): string[] {
  const [all, byRole] = [new Totals(), new Totals()];
  for (const { role, amount } of transactions) {
    all.add([amount.currency], amount.value);
    byRole.add([amount.currency, role], amount.value);
  }
  const inAll = [...all].map(({ key, total }) => `${total} ${plain(key[0]!)}`);
  const roles = [...byRole].map(
    ({ key, total, count }) => `  as ${plain(key[1]!)}: ${total} ${plain(key[0]!)} in ${counted(count, 'transaction', 'transactions')}`,
  );
  return [...(inAll.length === 0 ? [] : [`  ${truncated ? 'in those listed' : 'in all'} ${inAll.join(' and ')}`]), ...roles];
}
