import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Cases, readCases } from '../simulation/cases.ts';

/** The package's root, from `src/app` as well as from `dist/app`. */
const root = fileURLToPath(new URL('../..', import.meta.url));

/** What `--rules` and `--rates` are unless given: the project's own. */
export const OWN_RULES = `${root}rules`;
export const OWN_RATES = `${root}rules/rates`;

/** The documented cases from which synthetic feeds are made. */
export function ownCases(): Cases {
  return readCases(readFileSync(`${root}fixtures/simulation/cases.json`, 'utf8'));
}

export function packageVersion(): string {
  return (JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string }).version;
}
