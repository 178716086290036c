import { TEXT_SLOT } from '../../transactions/fields.ts';
import type { Subject } from '../ast.ts';
import { FIELD_TYPES } from '../checking/names.ts';
import type { Findings } from '../findings.ts';
import { nearestName } from '../nearest.ts';
import type { Located } from './shapes.ts';

const BOTH_SIDES: ReadonlySet<string> = new Set(['account', 'party']);
/** No key: what is never present on a leg, and the list of things. */
const UNFIT: ReadonlySet<string> = new Set(['items', 'returnOf.source', 'returnOf.id']);
/** A field that is no text is no slip for another one. */
const isField = (path: string): boolean => path === 'amount' || FIELD_TYPES.has(path);
const FIT: readonly string[] = [...BOTH_SIDES, ...[...TEXT_SLOT.keys()].filter((path) => !UNFIT.has(path))];

/** The subject, or null where it is none, which is reported. */
export function readSubject(paths: readonly Located<string>[], findings: Findings): Subject | null {
  const seen = new Set<string>();
  let sound = true;
  for (const { value, node } of paths) {
    if (!FIT.includes(value)) findings.add('subject-field', node.span, { name: value }, isField(value) ? undefined : subjectMeant(value));
    else if (seen.has(value)) findings.add('subject-duplicate', node.span, { name: value });
    else {
      seen.add(value);
      continue;
    }
    sound = false;
  }
  return sound ? { paths: [...seen], sides: sidesOf([...seen]) } : null;
}

/** `holder.account` is account; `creditor` and `branch` are parts of names. */
function subjectMeant(value: string): string | undefined {
  const own = value.replace(/^(?:holder|counterparty|anchor)\./, '');
  if (BOTH_SIDES.has(own)) return own;
  const [root, ...below] = value.split('.');
  const deeper = below.length === 0 ? undefined : FIT.find((path) => path.startsWith(`${root}.`) && path.endsWith(`.${below.join('.')}`));
  return deeper ?? nearestName(value, FIT) ?? FIT.find((path) => path.startsWith(`${value}.`)) ?? FIT.find((path) => path.endsWith(`.${value}`));
}

/** S0: `account` and `party` see both sides of a transaction; a key of one side's fields alone sees that side; any other sees none. */
function sidesOf(paths: readonly string[]): Subject['sides'] {
  if (paths.some((path) => BOTH_SIDES.has(path))) return 'both';
  if (paths.every((path) => path.startsWith('debtor.'))) return 'out';
  return paths.every((path) => path.startsWith('creditor.')) ? 'in' : 'none';
}
