import { fileURLToPath } from 'node:url';
import { NUMBER_SLOT, TEXT_SLOT } from '../../src/transactions/fields.ts';
import type { Typology } from '../../src/typologies/ast.ts';
import { FIELD_TYPES } from '../../src/typologies/checking/names.ts';
import { compileTypology } from '../../src/typologies/compile.ts';
import { AGGREGATES, FUNCTIONS, LATER_FUNCTIONS, LATER_ROOTS, LATER_WINDOWS } from '../../src/typologies/expressions/vocabulary.ts';
import { loadRules } from '../../src/typologies/load.ts';
import { descendants, expressions, fieldsRead } from '../../src/typologies/walk.ts';

/** The phases, with how many typologies each has. */
export const PHASES: Readonly<Record<string, { readonly folder: string; readonly typologies: number }>> = {
  PAY: { folder: 'payment-collection', typologies: 13 },
  RCR: { folder: 'recruitment', typologies: 4 },
  LOG: { folder: 'logistics', typologies: 8 },
  ENA: { folder: 'enablers', typologies: 9 },
  LAY: { folder: 'layering', typologies: 12 },
  INT: { folder: 'integration', typologies: 3 },
  EXT: { folder: 'exploitation', typologies: 4 },
  NET: { folder: 'network', typologies: 2 },
};
const IDS = Object.entries(PHASES).flatMap(([code, { typologies }]) =>
  Array.from({ length: typologies }, (_, i) => `${code}-${String(i + 1).padStart(2, '0')}`),
);
const CORE = 40;
/** Heads of the tables that are written by hand and checked. */
export const EXPLAINED = 'operator | in the parser | clause | means | nearest today, and what it loses';
export const CARRIERS = 'fields | pacs | pain | camt.053 | MT103 | where';
export const AVAILABLE: readonly string[] = [...AGGREGATES, ...FUNCTIONS, 'anchor', 'lists'];
const LATER: ReadonlySet<string> = new Set([...LATER_FUNCTIONS, ...LATER_WINDOWS, ...LATER_ROOTS, 'signal']);
/** `status` is a field of the language that the table of fields does not hold. */
export const FIELDS: readonly string[] = [...TEXT_SLOT.keys(), ...NUMBER_SLOT.keys(), 'status'];

export interface Entry {
  readonly id: string;
  readonly reserve: boolean;
  readonly subject: readonly string[];
  readonly operators: readonly string[];
  readonly fields: readonly string[];
  readonly state: string;
  /** Of a written one, as the link has it. */
  readonly typology: string | undefined;
  readonly file: string | undefined;
  readonly needs: readonly string[];
  readonly lacks: readonly string[];
  readonly sharpens: readonly string[];
  readonly lacksToSharpen: readonly string[];
  readonly route: string;
}

const STATE =
  /^(?:(?<written>written): \[(?<typology>\S+)\]\(\.\.\/(?<file>\S+)\)|(?<now>expressible now)|(?:needs `(?<needs>[^`]+)`)?(?:; )?(?:lacks field `(?<lacks>[^`]+)`)?) · (?<route>\S+)$/;
const words = (text: string | undefined): string[] => (text ?? '').split(/[\s,[\]]+/).filter((word) => word !== '');
/** What stands in code, word by word. */
export const inCode = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].flatMap((match) => words(match[1]));

/** The cells of the table under this head. */
export function table(page: string, head: string): string[][] {
  const lines = page.slice(page.indexOf(`| ${head} |`)).split('\n');
  if (!page.includes(`| ${head} |`)) return [];
  return lines
    .slice(
      2,
      lines.findIndex((line) => !line.startsWith('|')),
    )
    .map(cellsOf);
}

const cellsOf = (line: string): string[] => line.slice(2, -2).split(' | ');

/** A row of a typology begins with its id, whatever phase it stands under. */
export function entries(page: string): Entry[] {
  return [...page.matchAll(/^\| [A-Z]{3}-\d\dʳ? \| \*\*.*$/gm)].map(([line]) => {
    const [id, , subject, operators, fields, state, sharper] = cellsOf(line) as [string, string, string, string, string, string, string];
    const parts = STATE.exec(state)?.groups ?? {};
    const wanted = inCode(sharper);
    return {
      id: id.slice(0, 6),
      reserve: id.endsWith('ʳ'),
      subject: inCode(subject),
      operators: inCode(operators),
      fields: inCode(fields),
      state: parts['written'] ?? parts['now'] ?? (parts['lacks'] === undefined ? (parts['needs'] === undefined ? '' : 'needs') : 'lacks field'),
      typology: parts['typology'],
      file: parts['file'],
      needs: words(parts['needs']),
      lacks: words(parts['lacks']),
      sharpens: wanted.filter((name) => !name.includes('.')),
      lacksToSharpen: wanted.filter((name) => name.includes('.')),
      route: parts['route'] ?? '',
    };
  });
}

/** The paths of the transaction that a path of the language stands for. */
export function pathsOf(path: string): string[] {
  if (path === 'amount') return ['amount.currency'];
  const below = /^(?:holder|counterparty)\.(.+)$/.exec(path)?.[1] ?? (path === 'account' || path === 'party' ? path : undefined);
  return below === undefined ? [path] : [`debtor.${below}`, `creditor.${below}`];
}

/** Every path that a row reads, its subject's included. */
export const reads = (entry: Entry): string[] => [...new Set([...entry.subject, ...entry.fields].flatMap(pathsOf))].sort();

function useOf(name: string): string {
  if (name === 'signal') return 'outgoing\nsignal: { key: debtor.account, name: told }';
  if (name === 'within') return 'sequence(incoming, outgoing) within 7d';
  if (LATER_WINDOWS.has(name)) return `count() over ${name}(UTC) >= 3`;
  return LATER_ROOTS.has(name) && !LATER_FUNCTIONS.has(name) ? `${name}.example == 1` : `${name}(amount) over 7d >= 1`;
}

/** What the parser and the checker say to an operator that is not there. */
export function answer(name: string): string {
  const when = useOf(name);
  const text = `typology: example\nversion: 1.0.0\ntitle: An example\nphase: layering\nstatus: draft\nseverity: low\nsubject: account\nwhen: ${when}
sources: [{ document: The manual, grade: A }]\nalert: { title: An alert, period: 7d }\n`;
  const codes = compileTypology(text, 'example.yaml', { lists: new Map() }).diagnostics.map((finding) => finding.code);
  if (codes.some((code) => code === 'not-available' || code === 'key-not-available')) return 'not available';
  return codes.includes('function-unknown') ? 'no name yet' : `available, or ${codes.join(' ')}`;
}

function operatorsOf(typology: Typology): string[] {
  const names = new Set<string>();
  for (const expr of expressions(typology).flatMap((whole) => [...descendants(whole)])) {
    if (expr.kind === 'aggregate') names.add(expr.name);
    else if ((FUNCTIONS as readonly string[]).includes(expr.kind)) names.add(expr.kind);
    else if (expr.kind === 'list' && expr.name !== undefined) names.add('lists');
    if ('of' in expr && expr.of === 'anchor') names.add('anchor');
  }
  return [...names];
}

const same = (left: readonly string[], right: readonly string[]): boolean => [...left].sort().join() === [...right].sort().join();
const twice = (names: readonly string[]): string[] => [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
const without = (names: readonly string[], known: readonly string[]): string[] => names.filter((name) => !known.includes(name));
const RULES = loadRules(fileURLToPath(new URL('../../rules', import.meta.url)));

/** What is wrong with the page, in words; nothing where it holds. */
export function problems(page: string): string[] {
  const rows = entries(page);
  const ids = rows.map((row) => row.id);
  const operators = table(page, EXPLAINED);
  const explained = operators.flatMap(([names]) => inCode(names!));
  const missing = rows.flatMap((row) => [...row.needs, ...row.sharpens]);
  const carried = table(page, CARRIERS).flatMap(([fields]) => inCode(fields!));
  const lacking = table(page, 'field | would say | could come from').flatMap(([fields]) => inCode(fields!));
  const lacked = rows.flatMap((row) => [...row.lacks, ...row.lacksToSharpen]);
  const written = rows.flatMap((row) => row.file ?? []);
  const found = RULES.ruleSet!.typologies.map((t) => `rules/${t.phase}/${t.id}.yaml`);
  const core = rows.filter((row) => !row.reserve).length;
  return [
    ...without(IDS, ids).map((id) => `${id} has no row`),
    ...without(ids, IDS).map((id) => `${id} is no typology`),
    ...twice(ids).map((id) => `${id} has two rows`),
    ...(core === CORE ? [] : [`${core} are core`]),
    ...without(found, written).map((file) => `${file} is in no row`),
    ...rows.flatMap(rowProblems),
    ...without([...LATER, ...missing], explained).map((name) => `operator ${name} is not explained`),
    ...twice(explained).map((name) => `operator ${name} is explained twice`),
    ...without(explained, [...LATER, ...missing]).map((name) => `operator ${name} is asked for by none`),
    ...operators.flatMap(([names, said]) => inCode(names!).flatMap((name) => (answer(name) === said ? [] : [`operator ${name} is ${answer(name)}`]))),
    ...without(FIELDS, carried).map((path) => `field ${path} is carried by nothing that is said`),
    ...without(carried, FIELDS).map((path) => `field ${path} is not there to be carried`),
    ...twice(carried).map((path) => `field ${path} is carried twice`),
    ...without(lacked, lacking).map((path) => `lacking field ${path} is not explained`),
    ...without(lacking, lacked).map((path) => `lacking field ${path} is asked for by none`),
    ...lacked.filter((path) => pathsOf(path).some((own) => FIELD_TYPES.has(own))).map((path) => `lacking field ${path} is there`),
  ];
}

function rowProblems(row: Entry): string[] {
  const readable = [...FIELD_TYPES.keys(), 'amount', 'account', 'party'];
  const own = [
    ...(row.state === '' ? ['has no state'] : []),
    ...(row.route === 'standard' || row.route === 'person-at-risk' ? [] : ['has no route']),
    ...(row.subject.length > 0 ? [] : ['has no subject']),
    ...without(row.operators, AVAILABLE).map((name) => `has an operator ${name} that is not available`),
    ...[...row.needs, ...row.sharpens].filter((name) => AVAILABLE.includes(name)).map((name) => `waits for ${name}, which is available`),
    ...without([...row.subject, ...row.fields].flatMap(pathsOf), readable.flatMap(pathsOf)).map((path) => `reads ${path}, which is no field`),
    ...twice([...row.needs, ...row.lacks, ...row.sharpens, ...row.lacksToSharpen]).map((name) => `waits for ${name} twice`),
    ...(row.file === undefined ? [] : fileProblems(row)),
  ];
  return own.map((problem) => `${row.id} ${problem}`);
}

function fileProblems(row: Entry): string[] {
  const typology = RULES.ruleSet!.typologies.find((t) => t.id === row.typology);
  if (typology === undefined) return [`is written in ${row.file}, where there is no typology ${row.typology}`];
  const { folder } = PHASES[row.id.slice(0, 3)]!;
  return [
    ...(row.file === `rules/${folder}/${typology.id}.yaml` && typology.phase === folder ? [] : [`is not in ${row.file}`]),
    ...(same(row.subject, typology.subject.paths) ? [] : ['has another subject in its file']),
    ...(same(row.operators, operatorsOf(typology)) ? [] : [`has the operators ${operatorsOf(typology).join(' ')} in its file`]),
    ...(same(reads(row), fieldsRead(typology)) ? [] : [`reads ${fieldsRead(typology).join(' ')} in its file`]),
    ...(row.route === typology.alert.route ? [] : [`has the route ${typology.alert.route} in its file`]),
  ];
}
