#!/usr/bin/env node
/**
 * Mutants of the engine. `npm run mutate -- LINES [SEED]` makes those of so many lines of each file of src/detection, drawn by the seed; options of the
 * mutation tool, as `--mutate src/detection/exact.ts`, are handed on. Without either all are made, several thousand, which takes most of a day.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'src/detection';
/** Of a line that only opens, closes, imports, declares or comments there is nothing to change. */
const NOTHING_IN_IT = /^\s*($|\/\/|\/?\*|import |export \{|[\]})]*[;,]?$|(?:private |readonly |export |declare )*(?:readonly|type|interface) )/;

function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
    .sort();
}

/** The drawn lines of a file: those whose number, hashed with the seed, is least. */
function drawn(file, lines, seed) {
  const rank = (line) => createHash('sha256').update(`${seed} ${file} ${line}`).digest('hex');
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text, i) => (NOTHING_IN_IT.test(text) ? [] : [i + 1]))
    .sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
    .slice(0, lines);
}

const given = process.argv.slice(2);
const [lines, seed = '1'] = given;
const isSample = /^\d+$/.test(lines ?? '');
const ranges = isSample ? filesUnder(FOLDER).flatMap((file) => drawn(file, Number(lines), seed).map((line) => `${file}:${line}-${line}`)) : [];
const { status } = spawnSync('stryker', ['run', ...(isSample ? ['--mutate', ranges.join(',')] : given)], { stdio: 'inherit' });
process.exitCode = status ?? 1;
