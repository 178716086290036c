import { createHmac } from 'node:crypto';
import { OperatingError } from '../../../src/base/errors.ts';
import { DEFAULT_SETTINGS } from '../../../src/detection/settings.ts';
import { DAY, Desk, HOUR, NOON, type Payment, typology } from './desk.ts';

const each = typology('where: incoming\nwhen: count() over 2h >= 1');
const twice = typology('where: incoming\nwhen: count() over 2h >= 2', 'twice');
const to = (key: string, t: number, id: string): Payment => ({ t, id, way: `P>${key}` });

describe('alerts (S12)', () => {
  test('the hits of one key in one period are one alert', () => {
    const desk = new Desk([each]);
    const midnight = NOON + DAY / 2;
    const alerts = desk.alerts([to('M', NOON, 'a'), to('M', midnight - 1, 'b'), to('M', midnight, 'c'), to('N', NOON, 'd')]);
    expect(alerts.map((a) => [a.subject.key, a.period.from, a.hits.map((h) => h.id)])).toEqual([
      ['M', '2026-03-04T00:00:00Z', ['a', 'b']],
      ['N', '2026-03-04T00:00:00Z', ['d']],
      ['M', '2026-03-05T00:00:00Z', ['c']],
    ]);
  });

  test('an id is made of what the alert is about, under the key of the deployment', () => {
    const desk = new Desk([each], { settings: { alertKey: 'a key' } });
    desk.alerts([to('M', NOON, 'a')]);
    const n = Math.floor(NOON / DAY);
    const text = `["alert/1","a-typology",1,86400000,["account"],["M"],${n}]`;
    expect(desk.said[0]?.alertId).toBe(createHmac('sha256', 'a key').update(text).digest('hex').slice(0, 32));
    expect(desk.said[0]?.finalAtMs).toBe((n + 1) * DAY + 10 * DAY);
  });

  test('the lead has the greatest score, then comes first', () => {
    const scored = typology(`where: incoming
when: count() over 1h >= 1
score:
  base: 40
  add:
    - { points: 30, when: amount > 200 EUR, because: the amount is large }
    - { points: -20, when: amount > 500 EUR, because: nobody is so plain }
  alert_at: 40
  severity:
    - { from: 45, severity: low }
    - { from: 70, severity: critical }`);
    const values = ['100.00', '300.00', '400.00', '600.00'];
    const [alert] = new Desk([scored]).alerts(values.map((eur, i) => ({ t: NOON + i * DAY * 0.1, id: `t${i}`, way: 'P>M', eur })));
    expect(alert).toMatchObject({ anchor: { id: 't1' }, score: 70, severity: 'critical', hits: [{ score: 40 }, { score: 70 }, { score: 70 }, { score: 50 }] });
    expect(alert?.reasons).toEqual([
      { text: 'count() over 1h >= 1', points: 40, value: '1', threshold: '>= 1' },
      { text: 'the amount is large', points: 30, value: '300.00 EUR', threshold: '> 200.00 EUR' },
    ]);
  });
});

describe('speaking (S13)', () => {
  test('an alert is said once at the end of a batch, again when it changes, and taken back without hits', () => {
    const desk = new Desk([twice]);
    desk.take(to('M', NOON, 'a'));
    desk.take(to('M', NOON + HOUR, 'b'));
    expect(desk.drain().map((c) => c.content?.hitCount)).toEqual([1]);
    expect(desk.drain()).toEqual([]);
    desk.take(to('M', NOON + HOUR + 1, 'c'));
    expect(desk.drain().map((c) => c.content?.hitCount)).toEqual([2]);
    desk.take({ ...to('M', NOON, 'a'), status: 'rejected' });
    desk.take({ ...to('M', NOON + HOUR, 'b'), status: 'rejected' });
    expect(desk.drain()).toMatchObject([{ content: null }]);
    desk.take(to('M', NOON + HOUR + 2, 'd'));
    expect(desk.drain().map((c) => c.content?.hitCount)).toEqual([1]);
  });

  test('changes come in order of alert id', () => {
    const desk = new Desk([each]);
    for (const key of 'ABCDEFGH') desk.take(to(key, NOON, key));
    const ids = desk.drain().map((c) => c.alertId);
    expect(ids).toEqual([...ids].sort());
  });

  test('equal contents have equal digests, wherever the records lie', () => {
    const one = new Desk([each]);
    const other = new Desk([each]);
    other.take(to('N', NOON - DAY, 'z'));
    other.drain();
    one.alerts([to('M', NOON, 'a')]);
    other.alerts([to('M', NOON, 'a')]);
    expect(one.said.at(-1)?.contentDigest).toBe(other.said.at(-1)?.contentDigest);
    expect(one.said.at(-1)?.content?.transactions[0]?.place).not.toBe(other.said.at(-1)?.content?.transactions[0]?.place);
  });

  test('a late record changes the anchors whose windows hold it, up to the last millisecond', () => {
    const desk = new Desk([twice]);
    const anchors = [to('M', NOON, 'a'), to('M', NOON + 3 * HOUR, 'b')];
    expect(desk.hits(anchors)).toEqual([]);
    expect(desk.hits([to('M', NOON + HOUR, 'edge')])).toEqual(['edge']);
    expect(desk.hits([to('M', NOON + HOUR + 1, 'in')])).toEqual(['edge', 'in', 'b']);
  });

  test('what late records touch can wait, but not for ever, and not where the key is spoken of', () => {
    const desk = new Desk([twice]);
    desk.take(to('M', NOON + HOUR, 'b'));
    desk.take(to('N', NOON + HOUR, 'n'));
    desk.drain();
    desk.take(to('M', NOON, 'a'));
    desk.take(to('N', NOON, 'late'));
    desk.take(to('N', NOON + 90 * 60_000, 'o'));
    expect(desk.drain({ deferLate: true }).map((c) => [c.content?.subject.key, c.content?.hitCount])).toEqual([['N', 2]]);
    for (let i = 0; i < 31; i++) expect(desk.drain({ deferLate: true })).toEqual([]);
    expect(desk.drain({ deferLate: true }).map((c) => c.content?.subject.key)).toEqual(['M']);
  });

  test('what a late record touches of a very large history is swept in parts, and comes to the same', () => {
    const many = typology('where: incoming\nwhen: count() over 2d >= 12000', 'many');
    const payments = Array.from({ length: 21_000 }, (_, i) => to('M', NOON + i * 2, `t${i}`));
    const late = to('M', NOON - 1, 'late');
    const straight = new Desk([many]);
    straight.hits([late, ...payments]);
    const desk = new Desk([many]);
    desk.hits(payments);
    desk.take(late);
    const counts: (number | undefined)[] = [];
    for (let i = 0; i < 37; i++) counts.push(...desk.drain({ deferLate: true }).map((c) => c.content?.hitCount));
    // The first part finds the one hit that there was not before, the second and the third nothing new.
    expect(counts).toEqual([9002]);
    desk.take(to('M', NOON, 'early'));
    for (let i = 0; i < 40; i++) desk.drain({ deferLate: true });
    straight.hits([to('M', NOON, 'early')]);
    expect([...desk.queue.values()][0]?.values).toEqual([...straight.queue.values()][0]?.values);
    expect(desk.said.at(-1)?.content?.hits).toEqual([...straight.queue.values()][0]?.hits);
  });

  test('`final` says each alert once, when nothing can change it any more', () => {
    const desk = new Desk([twice], { settings: { mode: 'final' } });
    const finalAt = NOON + DAY / 2 + 10 * DAY;
    expect(desk.hits([to('M', NOON + HOUR, 'b'), to('M', NOON, 'a')])).toEqual([]);
    desk.engine.advance(finalAt);
    expect(desk.drain()).toEqual([]);
    desk.engine.advance(finalAt + 1);
    expect(desk.drain().map((c) => c.content?.hits.map((h) => h.id))).toEqual([['b']]);
    expect(desk.engine.stats.alerts).toBe(0);
  });

  test('in `final` mode a period need not end with an hour', () => {
    const odd = typology('where: incoming\nwhen: count() over 1h >= 1\nalert: { title: "t", period: 90m, route: standard, next: [look] }');
    const desk = new Desk([odd], { settings: { mode: 'final' } });
    const period = Math.floor(NOON / (90 * 60_000));
    const end = (period + 1) * 90 * 60_000;
    desk.hits([to('M', end - 1, 'a'), to('M', end, 'b')]);
    desk.engine.advance(end + 10 * DAY + 1);
    expect(desk.drain().map((c) => c.content?.hits.map((h) => h.id))).toEqual([['a']]);
  });
});

describe('forgetting', () => {
  const reach = 2 * HOUR;
  const settle = 10 * DAY;

  test('the longest of reach, F and period is what a replay must go back', () => {
    expect(new Desk([each]).engine.retentionMs).toBe(reach + settle + DAY);
    expect(new Desk([each], { settings: { returnHorizonMs: HOUR } }).engine.retentionMs).toBe(reach + DAY + DAY);
  });

  test('after everything was forgotten nothing is held', () => {
    const desk = new Desk([each, twice, typology('subject: [debtor.party, creditor.party]\nwhen: count() over 1h >= 2', 'pair')], {
      settings: { dayLegsMax: 20 },
    });
    for (let i = 0; i < 60; i++)
      desk.take({ t: NOON + i * HOUR * 0.7, id: `t${i}`, way: `P${i % 3}>M${i % 2}`, ...(i % 7 === 6 ? { returnOf: `t${i - 6}` } : {}) });
    for (let i = 0; i < 30; i++) desk.take({ t: NOON + i, id: 'contested', way: `Q>M${i % 2}`, eur: `${i + 1}.00`, r: NOON + 1000 - i });
    desk.drain();
    expect(desk.engine.stats.alerts).toBeGreaterThan(0);
    desk.engine.advance(Number.POSITIVE_INFINITY);
    desk.drain();
    const { rows, legs, keys, texts, alerts } = desk.engine.stats;
    // The decoder keeps two words of its vocabulary: EUR and credit-transfer.
    expect({ rows, legs, keys, texts, alerts }).toEqual({ rows: 0, legs: 0, keys: 0, texts: 2, alerts: 0 });
  });

  test('a leg is held for as long as an anchor that can still change may read it', () => {
    const desk = new Desk([twice], { settings: { returnHorizonMs: HOUR } });
    desk.hits([to('M', NOON, 'a')]);
    desk.engine.advance(NOON + DAY + reach);
    expect(desk.engine.stats.legs).toBe(2);
    desk.engine.advance(NOON + DAY + reach + HOUR);
    expect(desk.engine.stats).toMatchObject({ legs: 0, rows: 0, keys: 0 });
  });

  test('what an alert reads is held until it is final, and forgotten then', () => {
    const week = typology('where: incoming\nwhen: count() over 2h >= 1\nalert: { title: "t", period: 7d, route: standard, next: [look] }');
    const desk = new Desk([week], { settings: { returnHorizonMs: HOUR } });
    const end = (Math.floor(NOON / (7 * DAY)) + 1) * 7 * DAY;
    desk.alerts([to('M', end - 6 * DAY, 'a')]);
    desk.engine.advance(end - HOUR);
    // P's leg is gone, M's is not.
    expect(desk.engine.stats).toMatchObject({ legs: 1, rows: 1, alerts: 1 });
    expect(desk.alerts([to('M', end - 1, 'b')])[0]?.transactions.map((entry) => entry.id)).toEqual(['a', 'b']);
    desk.engine.advance(end + DAY + 1);
    expect(desk.engine.stats).toMatchObject({ alerts: 0 });
    desk.engine.advance(end + 3 * DAY);
    expect(desk.engine.stats).toMatchObject({ legs: 0, rows: 0, keys: 0 });
  });

  test('at the bound intake stops, and nothing has changed', () => {
    const desk = new Desk([each], { settings: { rowsMax: 2, rowsReserve: 1 } });
    desk.take(to('M', NOON, 'a'));
    desk.take(to('M', NOON + 1, 'b'));
    const counts = { ...desk.engine.counts };
    expect(() => desk.take(to('M', NOON + 2, 'c'))).toThrow(OperatingError);
    expect(() => desk.take({ ...to('M', NOON, 'a'), eur: '1.00' })).toThrow('the bound of 2 transactions');
    expect(desk.engine.counts).toEqual(counts);
    expect(desk.take(to('M', NOON, 'a'))).toBe('duplicate');
    desk.engine.advance(NOON + 30 * DAY);
    expect(desk.take(to('M', NOON + 30 * DAY, 'd'))).toBe('applied');
  });

  test('the defaults are the contract', () => {
    expect(DEFAULT_SETTINGS).toMatchObject({ latenessMs: 48 * HOUR, futureMs: HOUR, returnHorizonMs: 10 * DAY, dayLegsMax: 100_000 });
  });
});

describe('silent replay (S20)', () => {
  const records = [to('M', NOON, 'a'), to('M', NOON + HOUR, 'b'), to('N', NOON + 30 * DAY, 'c'), to('N', NOON + 30 * DAY + 1, 'd')];

  test.each(['eager', 'final'] as const)('in %s mode says nothing until it is there, then every alert that is not yet final', (mode) => {
    const wmMs = NOON + 30 * DAY;
    const straight = new Desk([twice], { settings: { mode } });
    for (const record of records) straight.take(record);
    straight.engine.advance(wmMs);
    straight.drain();
    const replayed = new Desk([twice], { settings: { mode } });
    replayed.engine.beginReplay();
    for (const record of records) replayed.take(record);
    // Nothing is forgotten, and no clock is doubted.
    replayed.engine.advance(wmMs + DAY);
    expect(replayed.take(to('M', NOON - HOUR, 'early'))).toBe('applied');
    expect(replayed.drain()).toEqual([]);
    replayed.engine.endReplay(wmMs);
    const said = replayed.drain();
    expect(said.map((c) => c.content?.subject.key)).toEqual(mode === 'eager' ? ['N'] : []);
    expect(replayed.take(to('M', wmMs - 1, 'skewed'))).toBe('clock-skew');
    for (const desk of [straight, replayed]) desk.engine.advance(Number.POSITIVE_INFINITY);
    replayed.drain();
    straight.drain();
    const standing = straight.queue.get([...replayed.queue.keys()][0]!);
    expect([...replayed.queue.values()].map((a) => a.subject.key)).toEqual(['N']);
    expect(replayed.queue.values().next().value).toEqual(standing);
  });

  test('conflicts and notices of the replay were told before', () => {
    const desk = new Desk([typology('where: incoming\nwhen: amount > 1 EUR')]);
    desk.engine.beginReplay();
    desk.take({ ...to('M', NOON, 'a'), currency: 'GBP' });
    desk.take({ ...to('M', NOON, 'a'), currency: 'USD', r: NOON + 1 });
    expect(desk.engine.drainConflicts()).toEqual([]);
    desk.engine.endReplay(NOON);
    expect(desk.engine.drainConflicts()).toEqual([]);
  });
});
