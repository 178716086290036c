import { Random } from '../../../src/base/random.ts';
import { Histories } from '../../../src/detection/histories.ts';
import { Rows } from '../../../src/detection/rows.ts';
import { blankTransaction } from '../../../src/transactions/decoder.ts';
import { TEXT_SLOT } from '../../../src/transactions/fields.ts';
import { TextTable } from '../../../src/transactions/texts.ts';

const SIDES = 4;

class Store {
  readonly texts = new TextTable();
  readonly rows = new Rows(this.texts, [], 0, 1 << 20);
  private readonly transaction = blankTransaction();

  add(t: number, id: string, source = 'bank'): number {
    for (const path of ['source', 'kind', 'amount.currency']) {
      this.transaction.texts[TEXT_SLOT.get(path)!] = this.texts.intern(path === 'source' ? source : path);
    }
    Object.assign(this.transaction, { timeMs: t, id, amountMinor: 1 });
    return this.rows.add(this.transaction, t, 0, 0);
  }
}

describe('histories', () => {
  test('hold the legs of each key in order, whatever is inserted, removed and forgotten', () => {
    const random = new Random(11);
    const store = new Store();
    const histories = new Histories(store.rows);
    const model = new Map<number, number[]>();
    const compare = (a: number, b: number): number => store.rows.compare(a >>> 2, b >>> 2);
    const keys = [0, 5, 1023, 1024, 70_000];
    for (const key of keys) {
      histories.open(key);
      model.set(key, []);
    }
    const check = (key: number): void => {
      const legs = model.get(key)!;
      const first = histories.first(key);
      expect(histories.end(key) - first).toBe(legs.length);
      expect(legs.map((_, i) => histories.leg(key, first + i))).toEqual(legs);
    };
    for (let step = 0; step < 4000; step++) {
      const key = random.pick(keys);
      const legs = model.get(key)!;
      const what = random.below(10);
      if (what < 8) {
        const row = store.add(random.chance(0.7) ? 1000 + step : random.below(4000), `t${step}`);
        const leg = row * SIDES + random.below(SIDES);
        const sorted = [...legs, leg].sort(compare);
        expect(histories.insert(key, row, leg & 3)).toBe(sorted.at(-1) === leg);
        model.set(key, sorted);
      } else if (what === 8 && legs.length > 0) {
        const leg = random.pick(legs);
        expect(histories.remove(key, leg >>> 2)).toBe(true);
        expect(histories.remove(key, leg >>> 2)).toBe(false);
        model.set(
          key,
          legs.filter((other) => other !== leg),
        );
      } else if (random.chance(0.2)) {
        const t = random.below(4000);
        const before = histories.first(key);
        const kept = legs.filter((leg) => store.rows.t(leg >>> 2) >= t);
        histories.forget(key, before + legs.length - kept.length);
        expect(histories.first(key)).toBe(before + legs.length - kept.length);
        model.set(key, kept);
      } else {
        const from = random.below(4000);
        const left = legs.filter((leg) => store.rows.t(leg >>> 2) < from || store.rows.t(leg >>> 2) >= from + 50);
        expect(histories.removeBetween(key, from, from + 50)).toBe(legs.length - left.length);
        model.set(key, left);
      }
      if (step % 50 === 0) check(key);
      const t = random.below(4000);
      expect(histories.seek(key, t)).toBe(histories.lowerBound(key, t));
      if (random.chance(0.1)) histories.sought(key, histories.first(key) + random.below(histories.count(key) + 1));
    }
    for (const key of keys) check(key);
    expect(histories.size).toBe([...model.values()].reduce((n, legs) => n + legs.length, 0));
    for (const [key, legs] of model) {
      for (const t of [0, 1500, 3000, 9999]) {
        expect(histories.lowerBound(key, t) - histories.first(key)).toBe(legs.filter((leg) => store.rows.t(leg >>> 2) < t).length);
      }
      for (const [i, leg] of legs.entries()) {
        const position = histories.first(key) + i;
        expect(histories.positionOf(key, leg >>> 2)).toBe(position);
        expect(histories.positionFrom(key, leg >>> 2, position - 1)).toBe(position);
        expect(histories.positionBefore(key, leg >>> 2, position + 1)).toBe(position);
      }
    }
  });

  test('a version tells whether positions still hold: not after what comes last', () => {
    const store = new Store();
    const histories = new Histories(store.rows);
    histories.open(3);
    const version = histories.version(3);
    histories.insert(3, store.add(10, 'a'), 0);
    histories.insert(3, store.add(20, 'b'), 0);
    histories.forget(3, histories.lowerBound(3, 15));
    expect(histories.version(3)).toBe(version);
    histories.insert(3, store.add(15, 'c'), 0);
    expect(histories.version(3)).not.toBe(version);
  });

  test('a key that is closed is not open, and begins anew', () => {
    const store = new Store();
    const histories = new Histories(store.rows);
    expect(histories.isOpen(1_000_000)).toBe(false);
    histories.open(7);
    histories.insert(7, store.add(10, 'a'), 0);
    histories.heat(7);
    expect([histories.isOpen(7), histories.isHot(7)]).toEqual([true, true]);
    histories.close(7);
    expect([histories.isOpen(7), histories.isHot(7), histories.count(7)]).toEqual([false, false, 0]);
    histories.open(7);
    expect([histories.isOpen(7), histories.isHot(7), histories.count(7)]).toEqual([true, false, 0]);
  });

  test('a block larger than a chunk has one of its own', () => {
    const store = new Store();
    const histories = new Histories(store.rows);
    histories.open(1);
    histories.open(2);
    const rows = Array.from({ length: 300_000 }, (_, i) => store.add(i, 'x'));
    for (const row of rows) histories.insert(1, row, 1);
    histories.insert(2, rows[0]!, 2);
    expect([histories.leg(1, 0), histories.leg(1, 299_999), histories.leg(2, 0)]).toEqual([rows[0]! * 4 + 1, rows[299_999]! * 4 + 1, rows[0]! * 4 + 2]);
  });
});

describe('rows', () => {
  test('are ordered by time, then source, then identifier', () => {
    const store = new Store();
    const order = [store.add(1, 'z', 'z'), store.add(2, 'b', 'a'), store.add(2, 'ba', 'a'), store.add(2, 'a', 'b')];
    expect([...order].reverse().sort((a, b) => store.rows.compare(a, b))).toEqual(order);
    expect(store.rows.compare(order[0]!, order[0]!)).toBe(0);
  });

  test('flags, status and number of legs lie side by side and leave each other alone', () => {
    const { rows } = new Store();
    const store = new Store();
    const row = store.add(1, 'a');
    store.rows.set(row, 0xff);
    store.rows.setStatus(row, 3);
    for (let i = 0; i < 40_000; i++) store.rows.addLeg(row);
    expect([store.rows.flags(row), store.rows.status(row), store.rows.legs(row)]).toEqual([0xff, 3, 40_000]);
    store.rows.clear(row, 0x81);
    store.rows.setStatus(row, 1);
    expect(store.rows.dropLeg(row)).toBe(39_999);
    expect([store.rows.flags(row), store.rows.status(row), store.rows.legs(row)]).toEqual([0x7e, 1, 39_999]);
    expect(rows.size).toBe(0);
  });

  test('a row that is freed is used again, and its texts are let go', () => {
    const store = new Store();
    const row = store.add(1, 'a');
    const texts = store.texts.size;
    store.rows.free(row);
    expect([store.rows.size, store.texts.size]).toEqual([0, texts - 3]);
    expect(store.add(2, 'b')).toBe(row);
    expect(store.rows.id(row)).toBe('b');
  });

  test('a row with legs is not freed', () => {
    const store = new Store();
    const row = store.add(1, 'a');
    store.rows.addLeg(row);
    expect(() => store.rows.free(row)).toThrow('a row is freed after its last leg');
  });

  test('a place has 48 bits of offset and 16 of partition', () => {
    const store = new Store();
    const row = store.add(1, 'a');
    store.rows.setPlace(row, 5, 65_535, 2 ** 48 - 1);
    expect([store.rows.r(row), store.rows.partition(row), store.rows.offset(row)]).toEqual([5, 65_535, 2 ** 48 - 1]);
    expect(() => store.rows.setPlace(row, 5, 0, 2 ** 48)).toThrow('a place has');
  });
});
