import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Typology } from '../../../src/typologies/ast.ts';
import { type CompileContext, compileTypology } from '../../../src/typologies/compile.ts';
import { readListFile } from '../../../src/typologies/document/listFile.ts';
import type { Diagnostic } from '../../../src/typologies/ruleSet.ts';

const FOLDER = fileURLToPath(new URL('../../../fixtures/rules/', import.meta.url));

/** Names, without the ending, of the files that end so. */
export function fixtureNames(ending: string, folder = FOLDER): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length));
}

export const readFixture = (name: string): string => readFileSync(FOLDER + name, 'utf8');

export const LISTS: CompileContext['lists'] = new Map(
  fixtureNames('.yaml', `${FOLDER}lists/`).map((name) => [name, readListFile(readFixture(`lists/${name}.yaml`), name, name).values]),
);

/** Checks a typology file, or a list file called `sample`. */
export function checkFixture(name: string): Diagnostic[] {
  const text = readFixture(name);
  return text.startsWith('list:') ? readListFile(text, name, 'sample').diagnostics : compileTypology(text, name, { lists: LISTS }).diagnostics;
}

/** A good typology, with parts of its text replaced. */
export const BASE = `typology: base
version: 1.0.0
title: A typology
phase: layering
status: active
severity: high
sources: [{ document: A report, grade: A }]
subject: account
when: WHEN
alert: { title: An alert, period: 7d }
`;

export const compileText = (text: string): ReturnType<typeof compileTypology> => compileTypology(text, 'test.yaml', { lists: LISTS });

/** Compiles the base with a condition, or with more keys before it; the typology must be sound. */
export function compiled(when: string, keys = '', subject = 'account'): Typology {
  const text = BASE.replace('WHEN', () => when)
    .replace('when:', () => `${keys}when:`)
    .replace('subject: account', `subject: ${subject}`);
  const { typology, diagnostics } = compileText(text);
  if (typology === null) throw new Error(`${text}\n${JSON.stringify(diagnostics, null, 1)}`);
  return typology;
}

/** Codes of the findings on the base with a condition. */
export function codes(when: string, keys = '', subject = 'account'): string[] {
  const text = BASE.replace('WHEN', () => when)
    .replace('when:', () => `${keys}when:`)
    .replace('subject: account', `subject: ${subject}`);
  return compileText(text).diagnostics.map((d) => d.code);
}
