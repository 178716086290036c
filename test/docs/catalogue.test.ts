import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EXPLAINED, entries, FIELDS, inCode, problems, table } from './catalogue.ts';
import { fieldRows, lackingRows, missingRows, operatorRows, orderRows, stateRows } from './catalogueTables.ts';
import { checkGenerated } from './generated.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../docs/catalogue.md', import.meta.url)), 'utf8');
const rows = entries(PAGE);
const explained = table(PAGE, EXPLAINED).flatMap(([names]) => inCode(names!));

test('docs/catalogue.md has every typology once, and names only what there is or says that it is not', () => {
  expect(rows).toHaveLength(55);
  expect(problems(PAGE)).toEqual([]);
});

const line = (id: string): string => new RegExp(`^\\| ${id}ʳ? \\|.*\\n`, 'm').exec(PAGE)![0];
const edited = (id: string, from: string | RegExp, to: string): string => PAGE.replace(line(id), line(id).replace(from, to));

test.each([
  ['a row left out', PAGE.replace(line('PAY-04'), ''), ['PAY-04 has no row', '39 are core']],
  ['a row given twice', PAGE.replace(line('PAY-12'), line('PAY-12').repeat(2)), ['PAY-12 has two rows']],
  ['a row for no typology', PAGE.replace('| NET-02 |', '| NET-03 |'), ['NET-02 has no row', 'NET-03 is no typology']],
  ['a core one called reserve', PAGE.replace('| EXT-01 |', '| EXT-01ʳ |'), ['39 are core']],
  ['an operator that the parser does not know', edited('PAY-08', '`count ', '`counts '), ['PAY-08 has an operator counts that is not available']],
  ['an operator of a later version as if it were there', edited('PAY-08', '`count ', '`cv '), ['PAY-08 has an operator cv that is not available']],
  [
    'waiting for what is there',
    edited('LAY-10', '`signals`', '`distinct`'),
    ['LAY-10 waits for distinct, which is available', 'operator distinct is not explained'],
  ],
  ['an operator without explanation', edited('LAY-10', '`signals`', '`echo`'), ['operator echo is not explained']],
  ['an operator that nobody asks for', PAGE.replace('| `jaccard` | no', '| `jaccard` `echo` | no'), ['operator echo is asked for by none']],
  ['an explanation left out', PAGE.replace(/^\| `absent` \| not .*\n/m, ''), ['operator absent is not explained']],
  ['a later operator called unknown', PAGE.replace('| `geo` | not available |', '| `geo` | no name yet |'), ['operator geo is not available']],
  ['a field that is not there', edited('LOG-01', 'travel.origin', 'travel.start'), ['LOG-01 reads travel.start, which is no field']],
  ['a field that is there, as lacking', edited('LAY-11', '`invoice.party`', '`creditor.party`'), ['lacking field creditor.party is there']],
  ['a lacking field left unexplained', PAGE.replace(/^\| `vehicle\.id` \| which .*\n/m, ''), ['lacking field vehicle.id is not explained']],
  ['a field of which nobody says who carries it', PAGE.replace('| `items` | part', '| `item` | part'), ['field items is carried by nothing that is said']],
  ['a file that is not there', edited('LAY-03', '[mule-pass-through]', '[mule-pass]'), [/where there is no typology mule-pass$/]],
  ['a file of another phase', edited('LAY-03', 'rules/layering', 'rules/network'), [/^LAY-03 is not in rules\/network/]],
  ['a written one that is not told', edited('LAY-03', /written: \S+/, 'expressible now'), ['rules/layering/mule-pass-through.yaml is in no row']],
  ['a field that a file does not read', edited('LAY-01', ' kind ', ' device kind '), [/^LAY-01 reads .* in its file/]],
  ['an operator that a file does not use', edited('LAY-01', '`sum ', '`avg sum '), [/^LAY-01 has the operators .* in its file/]],
  ['another route than that of the file', edited('PAY-06', '· person-at-risk', '· standard'), ['PAY-06 has the route person-at-risk in its file']],
  ['another subject than that of the file', edited('PAY-06', 'creditor.town]', 'creditor.party]'), ['PAY-06 has another subject in its file']],
  ['a state in other words', edited('PAY-04', 'expressible now', 'expressible'), ['PAY-04 has no state', 'PAY-04 has no route']],
] as const)('tells %s', (_, page, wanted) => {
  expect(page).not.toBe(PAGE);
  const found = problems(page);
  for (const problem of wanted) expect(found).toContainEqual(expect.stringMatching(problem instanceof RegExp ? problem : new RegExp(`^${problem}$`)));
});

test.each([
  ['states', ['state', 'number', 'typologies'], stateRows(rows)],
  ['operators', ['operator', 'number', 'typologies'], operatorRows(rows)],
  ['missing', ['operator', 'unlocks alone', 'with others', 'sharpens'], missingRows(rows, explained)],
  ['fields', ['field', 'carried by', 'number', 'typologies'], fieldRows(rows, PAGE)],
  ['lacking', ['lacking field', 'blocks', 'sharpens'], lackingRows(rows)],
  ['order', ['step', 'operator', 'makes expressible', 'total'], orderRows(rows)],
] as const)('the table of %s follows from the rows', (name, head, wantedRows) => {
  const { found, wanted } = checkGenerated('catalogue.md', name, head, wantedRows);
  expect(found).toBe(wanted);
});

test('what speaks of payers, of the exploited and of the held has the route of people at risk, and nothing asks for a nationality', () => {
  for (const row of rows)
    if (row.id.startsWith('EXT') || row.subject.some((path) => path === 'debtor.phone')) expect([row.id, row.route]).toEqual([row.id, 'person-at-risk']);
  expect(FIELDS.filter((path) => /nationality|citizen/i.test(path))).toEqual([]);
  expect(rows.flatMap((row) => [...row.lacks, ...row.lacksToSharpen]).filter((path) => /nationality|citizen/i.test(path))).toEqual([]);
});
