import { readFileSync } from 'node:fs';
import { OperatingError } from '../../../src/base/errors.ts';
import { readCases } from '../../../src/simulation/cases.ts';

const text = readFileSync(new URL('../../../fixtures/simulation/cases.json', import.meta.url), 'utf8');
interface File {
  figures: Record<string, { value?: number[]; source?: string; grade?: string }>;
  tariffs: { currency?: string }[];
  hubs: { source?: string }[];
}
const changed = (change: (file: File) => void): string => {
  const file = JSON.parse(text) as File;
  change(file);
  return JSON.stringify(file);
};

describe('the file of documented cases', () => {
  test('is read', () => {
    const cases = readCases(text);
    expect(cases.tariffs.get('T01')).toEqual({ id: 'T01', low: 1000, high: 3000, currency: 'EUR' });
    expect(cases.figures.p2pTotalUsd).toEqual([68_000, 68_000]);
    expect(cases.hubs.map((h) => h.town)).toContain('Calais');
  });

  test.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['a figure without a source', changed((f) => delete f.figures['p2pSenders']!.source)],
    ['a figure without a grade', changed((f) => (f.figures['p2pSenders']!.grade = 'Z'))],
    ['a range upside down', changed((f) => (f.figures['p2pSenders']!.value = [36, 31]))],
    ['a figure that is missing', changed((f) => delete f.figures['muleHours'])],
    ['a tariff that is missing', changed((f) => f.tariffs.shift())],
    ['a tariff in another currency', changed((f) => (f.tariffs[0]!.currency = 'XTS'))],
    ['no hubs', changed((f) => (f.hubs = []))],
    ['a hub without a source', changed((f) => delete f.hubs[0]!.source)],
  ])('%s is refused', (_, broken) => {
    expect(() => readCases(broken)).toThrow(OperatingError);
  });
});
