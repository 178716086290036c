import { VOCABULARY_MAX } from '../../../src/base/limits.ts';
import { Vocabulary } from '../../../src/base/vocabulary.ts';

test('words that were given are shown, others not', () => {
  const vocabulary = new Vocabulary(['transactions'], ['too-late']);
  vocabulary.add(['dispersed-fan-in']);
  expect(['transactions', 'too-late', 'dispersed-fan-in', 'ENOENT', 'anything', '', '__proto__'].map((word) => vocabulary.shown(word))).toEqual([
    'transactions',
    'too-late',
    'dispersed-fan-in',
    'ENOENT',
    'other',
    'other',
    'other',
  ]);
});

test('a vocabulary that is full learns nothing more', () => {
  const vocabulary = new Vocabulary(Array.from({ length: VOCABULARY_MAX }, (_, i) => `w${i}`));
  vocabulary.add(['late']);
  expect([vocabulary.shown('w0'), vocabulary.shown('late')]).toEqual(['w0', 'other']);
});
