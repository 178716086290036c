import { AVAILABLE, CARRIERS, type Entry, FIELDS, inCode, PHASES, reads, table } from './catalogue.ts';

type Rows = string[][];

/** `PAY 01 02 · LAY 03`. */
function shortly(rows: readonly Entry[]): string {
  const ofPhase = (code: string): string[] => rows.filter((row) => row.id.startsWith(code)).map((row) => row.id.slice(4));
  const phases = Object.keys(PHASES).filter((code) => ofPhase(code).length > 0);
  return phases.map((code) => `${code} ${ofPhase(code).join(' ')}`).join(' · ') || '—';
}

const code = (names: readonly string[]): string => `\`${names.join(' ')}\``;
const NONE = '**none**';
/** The amount is read with its currency. */
const asRead = (path: string): string => (path === 'amount.currency' ? 'amount amount.currency' : path);
const ready = (row: Entry): boolean => row.state === 'written' || row.state === 'expressible now';

export function stateRows(rows: readonly Entry[]): Rows {
  const kinds = [
    ['written', rows.filter((row) => row.state === 'written')],
    ['expressible now', rows.filter((row) => row.state === 'expressible now')],
    ['needs an operator', rows.filter((row) => row.needs.length > 0 && row.lacks.length === 0)],
    ['needs an operator and lacks a field', rows.filter((row) => row.needs.length > 0 && row.lacks.length > 0)],
    ['lacks a field', rows.filter((row) => row.needs.length === 0 && row.lacks.length > 0)],
  ] as const;
  return [
    ...kinds.map(([state, own]) => [state, String(own.length), shortly(own)]),
    ['all', String(rows.length), `${rows.filter((row) => !row.reserve).length} core`],
  ];
}

export function operatorRows(rows: readonly Entry[]): Rows {
  const users = AVAILABLE.map((name) => ({ name, own: rows.filter((row) => row.operators.includes(name)) }));
  return users.sort((a, b) => b.own.length - a.own.length).map(({ name, own }) => [code([name]), String(own.length), shortly(own)]);
}

export function missingRows(rows: readonly Entry[], explained: readonly string[]): Rows {
  const all = explained.map((name) => {
    const needing = rows.filter((row) => row.needs.includes(name));
    const alone = needing.filter((row) => row.needs.length === 1 && row.lacks.length === 0);
    const others = needing.filter((row) => !alone.includes(row));
    return { name, alone, others, sharpened: rows.filter((row) => row.sharpens.includes(name)) };
  });
  const asked = all.filter((o) => o.alone.length + o.others.length + o.sharpened.length > 0);
  asked.sort((a, b) => b.alone.length - a.alone.length || b.others.length - a.others.length || b.sharpened.length - a.sharpened.length);
  const idle = all.filter((o) => !asked.includes(o)).map((o) => o.name);
  return [...asked.map((o) => [code([o.name]), shortly(o.alone), shortly(o.others), shortly(o.sharpened)]), [code(idle), '—', '—', '—']];
}

/** Which operator to build next: the one that makes the most further typologies expressible, then the one that most are still waiting for. */
export function orderRows(rows: readonly Entry[]): Rows {
  const built = new Set<string>();
  const steps: Rows = [];
  let waiting = rows.filter((row) => !ready(row) && row.lacks.length === 0);
  let total = rows.filter(ready).length;
  while (waiting.length > 0) {
    const names = [...new Set(waiting.flatMap((row) => row.needs))].filter((name) => !built.has(name));
    const unlocked = (name: string): Entry[] => waiting.filter((row) => row.needs.every((need) => need === name || built.has(need)));
    const asked = (name: string): number => waiting.filter((row) => row.needs.includes(name)).length;
    const next = names.reduce((best, name) => ((unlocked(name).length - unlocked(best).length || asked(name) - asked(best)) > 0 ? name : best));
    const own = unlocked(next);
    built.add(next);
    waiting = waiting.filter((row) => !own.includes(row));
    total += own.length;
    steps.push([String(steps.length + 1), code([next]), shortly(own), String(total)]);
  }
  return steps;
}

export function fieldRows(rows: readonly Entry[], page: string): Rows {
  const carriers = new Map(
    table(page, CARRIERS).flatMap(([fields, ...formats]) => {
      const names = CARRIERS.split(' | ')
        .slice(1, -1)
        .filter((_, at) => formats[at] !== '—');
      return inCode(fields!).map((path) => [path, names.length === 4 ? 'all four' : names.join(', ') || NONE] as const);
    }),
  );
  const sides = FIELDS.filter((path) => !path.startsWith('creditor.')).map((path) =>
    path.startsWith('debtor.') ? [path, path.replace('debtor', 'creditor')] : [path],
  );
  const all = sides.map((paths) => ({ paths, own: rows.filter((row) => reads(row).some((path) => paths.includes(path))) }));
  const carried = (paths: readonly string[]): string => carriers.get(paths[0]!) ?? '';
  const last = (paths: readonly string[]): number => (carried(paths) === NONE ? 1 : 0);
  const read = all.filter(({ own }) => own.length > 0).sort((a, b) => last(a.paths) - last(b.paths) || b.own.length - a.own.length);
  const idle = all.filter(({ own }) => own.length === 0).flatMap(({ paths }) => paths);
  return [...read.map(({ paths, own }) => [code(paths.map(asRead)), carried(paths), String(own.length), shortly(own)]), [code(idle), '', '0', '—']];
}

export function lackingRows(rows: readonly Entry[]): Rows {
  const paths = [...new Set(rows.flatMap((row) => [...row.lacks, ...row.lacksToSharpen]))];
  const all = paths.map((path) => ({
    path,
    blocked: rows.filter((row) => row.lacks.includes(path)),
    sharpened: rows.filter((row) => row.lacksToSharpen.includes(path)),
  }));
  all.sort((a, b) => b.blocked.length - a.blocked.length || b.sharpened.length - a.sharpened.length);
  return all.map(({ path, blocked, sharpened }) => [code([path]), shortly(blocked), shortly(sharpened)]);
}
