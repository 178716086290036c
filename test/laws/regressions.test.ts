import { readdirSync, readFileSync } from 'node:fs';
import { createEngine } from '../../src/detection/engine.ts';
import { LAWS } from '../support/worlds/laws.ts';
import { fromText } from '../support/worlds/minimize.ts';
import { onPath, PATHS } from '../support/worlds/paths.ts';

/** Histories that once broke a law, each named after what was wrong; every law is asked of each. */
const FOLDER = new URL('./regressions/', import.meta.url);
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

test('there are regressions to check', () => expect(FILES.length).toBeGreaterThan(0));

describe.each(FILES)('%s', (file) => {
  const history = fromText(readFileSync(new URL(file, FOLDER), 'utf8'));
  const engines = [createEngine, ...PATHS.map((path) => onPath(path, createEngine))];
  test.each(Object.keys(LAWS))('%s, by every path', (name) => expect(engines.map((make) => LAWS[name]!(history, make))).toEqual(engines.map(() => null)));
});
