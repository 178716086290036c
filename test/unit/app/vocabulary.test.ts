import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../../../src/app/config.ts';
import { vocabularyOf } from '../../../src/app/vocabulary.ts';
import { REJECTION_CODES } from '../../../src/transactions/codes.ts';

const vocabulary = vocabularyOf(loadConfig({ MONEYTRAIL_TOPIC_PREFIX: 'test.', MONEYTRAIL_GROUP: 'scoring' }).config, ['dispersed-fan-in']);

test('knows the codes, the topics with their prefix, the group and the typologies', () => {
  for (const word of [...REJECTION_CODES, 'test.transactions', 'test.moneytrail.quarantine', 'scoring', 'dispersed-fan-in'])
    expect(vocabulary.shown(word)).toBe(word);
  expect(vocabulary.shown('transactions')).toBe('other');
});

/** The pipeline's code. */
const sources = ((): string[] => {
  const folder = join(dirname(fileURLToPath(import.meta.url)), '../../../src/pipeline');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return files.map((name) => readFileSync(join(folder, name), 'utf8'));
})();

/** The texts that the pipeline writes as labels, read from its code, so that a new one cannot be forgotten. */
test('knows every text that the pipeline puts into a label', () => {
  const calls = sources.flatMap((source) => source.match(/\.(count|gauge|observe)\('moneytrail[^;]*;/g) ?? []);
  const labels = calls.flatMap((call) => [...call.matchAll(/\{[^}]*\}/g)].flatMap(([text]) => [...text.matchAll(/'([^']+)'/g)].map(([, label]) => label!)));
  expect(labels).toEqual(expect.arrayContaining(['applied', 'refused', 'delivery']));
  for (const label of labels) expect(vocabulary.shown(label)).toBe(label);
});

test('knows every code that the pipeline puts into the log', () => {
  const codes = sources.flatMap((source) => [...source.matchAll(/log\.\w+\(\s*\{ code: '([^']+)'/g)].map(([, code]) => code!));
  expect(codes).toEqual(expect.arrayContaining(['engine-full', 'queue-rolled-back', 'input-stalled']));
  expect(codes.filter((code) => vocabulary.shown(code) !== code)).toEqual([]);
});
