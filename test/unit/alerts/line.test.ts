import { alertLine, contentOfLine, lineParts, parseAlertLine, timeText } from '../../../src/alerts/line.ts';
import { changeOf, contentOf, FINAL_AT_MS, idOf } from '../../contract/alertsFixtures.ts';

const ID = idOf(0xabc);
const stored = { alertId: ID, rev: 3, op: 'update', finalAtMs: FINAL_AT_MS, content: contentOf(ID, { hits: ['h1', 'h2'] }), withdrawn: true } as const;

/** The example of interface.md in its order, with `limits` of docs/alert.md before `next`. */
const FIELDS =
  'schema alertId rev op finalAt typology subject period title anchor hits hitCount score severity route values reasons exceptionsTested ' +
  'transactions transactionCount truncated partialWindow orderUncertain withdrawn returned limits next signals rules engine';

test('prints the fields of interface.md in their order, on one line', () => {
  const line = alertLine(stored, '9.8.7');
  expect(Object.keys(JSON.parse(line)).join(' ')).toBe(FIELDS);
  expect(line).not.toContain('\n');
  expect(JSON.parse(line)).toMatchObject({ schema: 'alert/1', rev: 3, op: 'update', finalAt: '2026-03-15T00:00:00Z', withdrawn: true, engine: '9.8.7' });
});

test('says what JSON.stringify says, byte for byte', () => {
  const { schema, alertId, returned, limits, next, signals, rules, ...middle } = stored.content;
  const whole = {
    schema,
    alertId,
    rev: 3,
    op: 'update',
    finalAt: '2026-03-15T00:00:00Z',
    ...middle,
    withdrawn: true,
    returned,
    limits,
    next,
    signals,
    rules,
    engine: 'e',
  };
  expect(alertLine(stored, 'e')).toBe(JSON.stringify(whole));
});

test('the order of a content’s own fields does not show', () => {
  const shuffled = Object.fromEntries(Object.entries(stored.content).reverse()) as unknown as typeof stored.content;
  expect(alertLine({ ...stored, content: shuffled }, 'e')).toBe(alertLine(stored, 'e'));
});

test('a retracted alert has id, revision and the time of finality alone', () => {
  const line = alertLine({ ...stored, op: 'retract', content: null, withdrawn: false }, 'e');
  expect(line).toBe(`{"schema":"alert/1","alertId":"${ID}","rev":3,"op":"retract","finalAt":"2026-03-15T00:00:00Z"}`);
  expect(parseAlertLine(line)).toEqual(JSON.parse(line));
});

test('is read back whole', () => {
  const line = parseAlertLine(alertLine(stored, 'e'));
  if (line.op === 'retract') throw new Error('not a retraction');
  const content = contentOfLine(line);
  expect(content).toEqual(stored.content);
  expect(alertLine({ ...stored, content }, 'e')).toBe(alertLine(stored, 'e'));
});

test('a value called __proto__ is data', () => {
  const values = JSON.parse('{"__proto__": 1, "constructor": "x"}');
  const line = alertLine({ ...stored, content: { ...stored.content, values } }, 'e');
  const read = parseAlertLine(line);
  if (read.op === 'retract') throw new Error('not a retraction');
  expect(Object.entries(read.values)).toEqual([
    ['__proto__', 1],
    ['constructor', 'x'],
  ]);
});

test('times have milliseconds only where they are not zero', () => {
  expect([0, 1, Date.UTC(2026, 0, 1, 0, 0, 0, 120)].map(timeText)).toEqual(['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.001Z', '2026-01-01T00:00:00.120Z']);
});

test('no piece of a line holds a line break, whatever the texts are', () => {
  const { head, middle, tail, hits } = lineParts(contentOf(ID, { title: 'a\r\n\u2028\u0000b', hits: ['x\ny', ''] }), 'e\n');
  for (const piece of [head, middle, tail, ...hits]) expect(piece).not.toMatch(/[\n\r]/);
  expect(hits.every((hit) => /^\{.*,"score":60\}$/.test(hit))).toBe(true);
});

describe('refuses', () => {
  const whole = JSON.parse(alertLine(stored, 'e')) as Record<string, unknown>;
  const without = Object.keys(whole).map((key) => [`a line without ${key}`, JSON.stringify({ ...whole, [key]: undefined })] as const);
  const wrong = [
    ['no JSON', '{"schema":'],
    ['nothing', ''],
    ['an array', '[]'],
    ['null', 'null'],
    ['another schema', JSON.stringify({ ...whole, schema: 'alert/2' })],
    ['another op', JSON.stringify({ ...whole, op: 'delete' })],
    ['a revision of half', JSON.stringify({ ...whole, rev: 1.5 })],
    ['an unknown severity', JSON.stringify({ ...whole, severity: 'fatal' })],
    ['a hit without an id', JSON.stringify({ ...whole, hits: [{ source: 'a', time: 't', score: 1 }] })],
    ['a transaction without an amount', JSON.stringify({ ...whole, transactions: [{ ...changeOf(ID, {}).content!.transactions[0], amount: null }] })],
    ['fields that are only inherited', JSON.stringify({ __proto__: whole })],
    ['more than anybody needs', `"${'x'.repeat(5 << 20)}"`],
  ] as const;
  test.each([...without, ...wrong])('%s', (_, text) => {
    expect(() => parseAlertLine(text)).toThrow(expect.objectContaining({ code: 'alert-line-invalid', message: 'this is no alert/1 line' }));
  });
});
