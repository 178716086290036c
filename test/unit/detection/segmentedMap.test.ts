import { SegmentedMap } from '../../../src/detection/segmentedMap.ts';

test('a map in segments is a map', () => {
  const [map, plain] = [new SegmentedMap<string>(), new Map<number, string>()];
  const say = (): unknown => [map.size, [...map.entries()].sort(([a], [b]) => a - b)];
  const expected = (): unknown => [plain.size, [...plain].sort(([a], [b]) => a - b)];
  for (let i = 0; i < 2000; i++) {
    const key = (i * 7919) % 700;
    if (i % 3 === 2) {
      map.delete(key);
      plain.delete(key);
    } else {
      map.set(key, `${i}`);
      plain.set(key, `${i}`);
    }
    expect([map.get(key), map.size]).toEqual([plain.get(key), plain.size]);
  }
  expect(plain.size).toBeGreaterThan(100);
  expect(say()).toEqual(expected());
  map.clear();
  plain.clear();
  expect(say()).toEqual(expected());
});
