import { Random } from '../../../src/base/random.ts';
import { Identities } from '../../../src/detection/identities.ts';
import { IdArena } from '../../../src/detection/ids.ts';
import { CompositeKeys } from '../../../src/detection/keys.ts';
import { compareUtf8 } from '../../../src/detection/order.ts';
import { Rows } from '../../../src/detection/rows.ts';
import { SegmentedMap } from '../../../src/detection/segmentedMap.ts';
import { blankTransaction } from '../../../src/transactions/decoder.ts';
import { TEXT_SLOT } from '../../../src/transactions/fields.ts';
import { TextTable } from '../../../src/transactions/texts.ts';

const SOURCE = TEXT_SLOT.get('source')!;

describe('identities', () => {
  test('finds what was added and not removed, by source, identifier and time', () => {
    const random = new Random(5);
    const texts = new TextTable();
    const rows = new Rows(texts, [], 0, 1 << 20);
    const identities = new Identities(rows);
    const transaction = blankTransaction();
    const model = new Map<string, number>();
    for (let step = 0; step < 20_000; step++) {
      const [source, id, t] = [`s${random.below(3)}`, `${random.pick(['id', 'n\u00e9'])}-${random.below(1250)}`, random.below(2)];
      const name = `${source} ${id} ${t}`;
      const sourceId = texts.intern(source);
      const hash = identities.hash(sourceId, id);
      const found = identities.find(hash, sourceId, id, t);
      expect(found).toBe(model.get(name) ?? -1);
      if (found < 0) {
        expect(identities.isReused).toBe(model.has(`${source} ${id} ${1 - t}`));
        transaction.texts[SOURCE] = sourceId;
        Object.assign(transaction, { id, timeMs: t });
        const row = rows.add(transaction, 0, 0, 0);
        identities.add(hash, row);
        model.set(name, row);
      } else if (random.chance(0.6)) {
        identities.remove(found);
        rows.free(found);
        model.delete(name);
      } else {
        const all = [0, 1].map((time) => model.get(`${source} ${id} ${time}`)).filter((row) => row !== undefined);
        expect(identities.all(sourceId, id).sort()).toEqual(all.sort());
      }
    }
    expect(model.size).toBeGreaterThan(1000);
  });
});

describe('an identifier under very many times', () => {
  test('is found by time, and costs no more than others', () => {
    const texts = new TextTable();
    const rows = new Rows(texts, [], 0, 1 << 20);
    const identities = new Identities(rows);
    const transaction = blankTransaction();
    const source = texts.intern('bank');
    transaction.texts[SOURCE] = source;
    const hash = identities.hash(source, '0');
    const held: number[] = [];
    for (let t = 0; t < 100_000; t++) {
      if (identities.find(hash, source, '0', t) >= 0) throw new Error('it was not added yet');
      Object.assign(transaction, { id: '0', timeMs: t });
      held.push(rows.add(transaction, 0, 0, 0));
      identities.add(hash, held[t]!);
    }
    for (let t = 0; t < 100_000; t += 999) expect(identities.find(hash, source, '0', t)).toBe(held[t]);
    expect(identities.find(hash, source, '0', -1)).toBe(-1);
    expect(identities.isReused).toBe(true);
    expect(identities.all(source, '0')).toHaveLength(100_000);
    const other = rows.add(transaction, 0, 0, 0);
    identities.replace(held[99_999]!, other);
    expect(identities.find(hash, source, '0', 99_999)).toBe(other);
    held[99_999] = other;
    for (const row of held) identities.remove(row);
    expect(identities.find(hash, source, '0', 5)).toBe(-1);
    expect(identities.isReused).toBe(false);
  });
});

describe('composite keys', () => {
  test('have dense numbers, found by all their texts, and used again', () => {
    const random = new Random(9);
    const texts = new TextTable();
    const keys = new CompositeKeys(texts, 2);
    const model = new Map<string, number>();
    for (let step = 0; step < 20_000; step++) {
      const parts = [`a${random.below(60)}`, `b${random.below(60)}`];
      keys.parts.set(parts.map((text) => texts.intern(text)));
      const known = model.get(parts.join());
      expect(keys.find()).toBe(known ?? -1);
      if (known === undefined) model.set(parts.join(), keys.open());
      else {
        expect(keys.texts(known)).toEqual(parts);
        if (random.chance(0.5)) {
          keys.close(known);
          model.delete(parts.join());
        }
      }
      if (step % 100 === 0) texts.sweep();
    }
    expect(keys.size).toBe(model.size);
    expect(new Set(model.values()).size).toBe(model.size);
    expect(Math.max(...model.values())).toBeLessThan(3600);
    for (const key of model.values()) keys.close(key);
    texts.sweep();
    expect([keys.size, texts.size]).toEqual([0, 0]);
  });
});

describe('identifiers as bytes', () => {
  const odd = ['a', 'ab', 'é', '\uFFFD', '\u{1F600}', 'x'.repeat(128), '\u{1F600}'.repeat(64)];

  test('come back as they were, compare by their bytes, and their chunks are used again', () => {
    const arena = new IdArena();
    const addresses = odd.map((text) => arena.add(text));
    expect(addresses.map((at) => arena.text(at))).toEqual(odd);
    for (const [i, a] of addresses.entries()) {
      for (const [j, b] of addresses.entries()) {
        const bytes = Buffer.compare(Buffer.from(odd[i]!), Buffer.from(odd[j]!));
        expect(Math.sign(arena.compare(a, b))).toBe(bytes);
        expect(Math.sign(compareUtf8(odd[i]!, odd[j]!))).toBe(bytes);
        expect(arena.equals(a, odd[j]!)).toBe(i === j);
      }
    }
    let highest = 0;
    for (let i = 0; i < 200_000; i++) {
      const at = arena.add('y'.repeat(100));
      highest = Math.max(highest, at);
      arena.free(at);
    }
    expect(highest).toBeLessThan(3 * 2 ** 20);
  });
});

describe('a map in segments', () => {
  test('behaves as a map', () => {
    const map = new SegmentedMap<string>();
    map.set(1, 'a');
    map.set(257, 'b');
    map.set(1, 'c');
    expect([map.size, map.get(1), map.get(257), map.get(2)]).toEqual([2, 'c', 'b', undefined]);
    map.delete(2);
    map.delete(1);
    expect([...map.entries()]).toEqual([[257, 'b']]);
    map.clear();
    expect(map.size).toBe(0);
  });
});
