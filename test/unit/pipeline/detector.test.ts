import { AssertionError } from '../../../src/base/assert.ts';
import { DEFAULT_FORMAT, type Detector, REFUSALS } from '../../../src/pipeline/detector.ts';
import type { Told } from '../../../src/pipeline/told.ts';
import { detector, NOW_MS, payment } from './records.ts';

const HOUR_MS = 3_600_000;

/** Reads and applies; the outcome, or `refused`. */
function take(d: Detector, bytes: Uint8Array, offset: number, r: number = NOW_MS + offset, format?: string): string {
  return d.read(bytes, 0, offset, format) === null ? 'refused' : d.apply(r);
}
const parsed = (told: readonly Told[]): Record<string, unknown>[] => told.map(({ to, json }) => ({ to, ...(JSON.parse(json) as object) }));

describe('the detector', () => {
  test('says the alerts of what it was given at the end of a batch, once', () => {
    const d = detector();
    expect(take(d, payment('a'), 0)).toBe('applied');
    d.advance(NOW_MS - 50 * HOUR_MS);
    expect(d.drain().map(({ content }) => content?.typology.id)).toEqual(['it-alone']);
    expect(d.drain()).toEqual([]);
  });

  test('counts each record in exactly one way, and tells those that somebody has to look at', () => {
    const d = detector();
    d.advance(NOW_MS - 60 * HOUR_MS);
    const outcomes = [
      take(d, payment('a'), 0),
      take(d, payment('a'), 1),
      take(d, payment('a', { amount: { value: '2000.00', currency: 'EUR' } }), 2),
      take(d, payment('b', { time: new Date(NOW_MS - 49 * HOUR_MS).toISOString() }), 3),
      take(d, payment('c', { time: new Date(NOW_MS + 2 * HOUR_MS).toISOString() }), 4),
      take(d, Buffer.from('{'), 5),
      take(d, payment('d'), 6, NOW_MS, 'pacs.008'),
      take(d, payment('a', { time: new Date(NOW_MS - 2 * HOUR_MS).toISOString() }), 7),
    ];
    expect(outcomes).toEqual(['applied', 'duplicate', 'conflict', 'too-late', 'future', 'refused', 'refused', 'id-reused']);
    const { applied, duplicate, conflict, late, refused, clockSkew, engineFault } = d.counts;
    expect({ applied, duplicate, conflict, late, refused, clockSkew, engineFault }).toEqual({
      applied: 2,
      duplicate: 1,
      conflict: 1,
      late: 1,
      refused: 3,
      clockSkew: 0,
      engineFault: 0,
    });
    expect(Object.fromEntries(d.counts.refusedByCode)).toEqual({ 'in-the-future': 1, 'not-json': 1, 'unknown-format': 1 });
    expect(d.counts.idReused).toBe(1);
    expect(parsed(d.drainTold()).map(({ to, code, place }) => [to, code, place])).toEqual([
      ['quarantine', 'conflict', 't/0/2'],
      ['late', 'too-late', 't/0/3'],
      ['quarantine', 'in-the-future', 't/0/4'],
      ['quarantine', 'not-json', 't/0/5'],
      ['quarantine', 'unknown-format', 't/0/6'],
    ]);
    expect(d.drainTold()).toEqual([]);
  });

  test('tells a conflict with the bytes of the loser where it is the record in hand, else without', () => {
    const d = detector();
    const [first, second] = [payment('a'), payment('a', { purpose: 'FAMI' })];
    take(d, first, 0, NOW_MS + 10);
    take(d, second, 1, NOW_MS + 5);
    const [told] = parsed(d.drainTold());
    expect(told).toMatchObject({ code: 'conflict', place: 't/0/0', source: 'bank-a', id: 'a' });
    expect(told).not.toHaveProperty('original');
    take(d, payment('a', { purpose: 'GIFT' }), 2, NOW_MS + 20);
    expect(parsed(d.drainTold())[0]).toMatchObject({ place: 't/0/2', original: Buffer.from(payment('a', { purpose: 'GIFT' })).toString('base64') });
  });

  test('a late record is told with the typologies for whose key it has a leg', () => {
    const d = detector();
    take(d, payment('a', { time: '2020-01-01T00:00:00Z', creditor: { party: 'p' } }), 0);
    take(d, payment('b', { time: '2020-01-01T00:00:00Z', debtor: { party: 'p' } }), 1);
    expect(parsed(d.drainTold()).map(({ typologies }) => typologies)).toEqual([
      ['it-alone', 'it-pass'],
      ['it-alone', 'it-fan-in', 'it-pass'],
    ]);
  });

  test('a transaction before what is settled can only come of broken clocks: quarantined, and its place kept for replays', () => {
    const d = detector();
    d.advance(NOW_MS);
    expect(take(d, payment('a'), 0)).toBe('clock-skew');
    expect(d.drainSkewed()).toEqual(['t/0/0']);
    expect(d.drainSkewed()).toEqual([]);
    expect(parsed(d.drainTold())[0]).toMatchObject({ code: 'clock-skew', reason: REFUSALS['clock-skew'] });
  });

  test('a replay says, tells and counts nothing; what it knows shows afterwards', () => {
    const d = detector();
    d.beginReplay();
    take(d, payment('a'), 0);
    take(d, Buffer.from('{'), 1);
    take(d, payment('a', { purpose: 'GIFT' }), 2);
    take(d, payment('z', { time: '2020-01-01T00:00:00Z' }), 3);
    expect(d.endReplay(NOW_MS - 50 * HOUR_MS)).toHaveLength(1);
    expect(d.drainTold()).toEqual([]);
    expect(d.counts).toMatchObject({ applied: 0, conflict: 0, late: 0, refused: 0, engineFault: 0 });
    expect(take(d, payment('a'), 5)).toBe('duplicate');
  });

  test('a careful replay finds out at each record whether the engine can answer, and ends like any other', () => {
    const [careful, ordinary] = [detector(), detector()];
    careful.beginReplay(true);
    ordinary.beginReplay();
    for (const d of [careful, ordinary])
      for (let i = 0; i < 5; i++) {
        take(d, payment(`a${i}`), i);
        if (d === careful) d.probe();
      }
    expect(() => ordinary.probe()).toThrow(AssertionError);
    const said = ordinary.endReplay(NOW_MS - 50 * HOUR_MS);
    expect(said).toHaveLength(5);
    expect(careful.endReplay(NOW_MS - 50 * HOUR_MS)).toEqual(said);
    expect(careful.drain()).toEqual([]);
    expect(careful.drainTold()).toEqual([]);
    expect(careful.counts).toEqual(ordinary.counts);
    expect(() => careful.probe()).toThrow(AssertionError);
  });

  test('a record that is skipped is told and counted, never read', () => {
    const d = detector();
    d.skipFault(payment('x'), 1, 4);
    expect(d.counts.engineFault).toBe(1);
    expect(parsed(d.drainTold())[0]).toMatchObject({ code: 'engine-fault', place: 't/1/4', source: 'bank-a' });
    expect(d.inHand).toBeNull();
  });

  test('knows the record in hand, so that it can be blamed', () => {
    const d = detector();
    expect(d.inHand).toBeNull();
    d.read(payment('a'), 2, 7, DEFAULT_FORMAT);
    expect(d.inHand).toBe('t/2/7');
    expect(() => d.read(payment('b'), 2, 8)).toThrow(AssertionError);
    d.apply(NOW_MS);
    expect(d.inHand).toBeNull();
    expect(() => d.apply(NOW_MS)).toThrow(AssertionError);
  });

  test('at the bound of transactions nothing is taken and nothing changed', () => {
    const d = detector({ rowsMax: 64, rowsReserve: 64 });
    for (let i = 0; i < 64; i++) take(d, payment(`a${i}`), i);
    expect(d.read(payment('one-more'), 0, 64)).not.toBeNull();
    expect(() => d.apply(NOW_MS)).toThrow(expect.objectContaining({ code: 'engine-full' }));
    expect(() => d.apply(NOW_MS)).toThrow(expect.objectContaining({ code: 'engine-full' }));
    expect(d.counts.applied).toBe(64);
  });
});
