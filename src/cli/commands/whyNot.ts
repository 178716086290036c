import type { Command } from 'commander';
import { OWN_RATES, OWN_RULES } from '../../app/paths.ts';
import { rulesToRun } from '../../app/rules.ts';
import { byReceipt } from '../../authoring/playing.ts';
import { renderInspection } from '../../authoring/renderInspection.ts';
import { readTests } from '../../authoring/runTests.ts';
import { keyOf, WhyNot, type WhyNotAnswer } from '../../authoring/whyNot.ts';
import { EXIT, OperatingError } from '../../base/errors.ts';
import type { Inspection } from '../../detection/api.ts';
import { isBlank, LineReader } from '../../pipeline/file/lines.ts';
import { LIMITS } from '../../transactions/limits.ts';
import type { RateTable } from '../../transactions/rateLookup.ts';
import { loadRates } from '../../transactions/rates.ts';
import type { Typology } from '../../typologies/ast.ts';
import { nearestName } from '../../typologies/nearest.ts';
import { time } from '../arguments.ts';
import type { Io } from '../io.ts';

interface Flags {
  rules: string;
  rates: string;
  typology?: string;
  json?: true;
}

/** A verdict, and where its transactions came from. */
interface Found {
  readonly typology: Typology;
  readonly from: string;
  readonly inspection: Inspection;
}

export function registerWhyNot(rules: Command, io: Io): void {
  rules
    .command('why-not')
    .description('For a key and a time: each condition that held, the first that did not, and by how much.')
    .argument('<key>', 'account, party or whatever the subject is; the parts of a composite key with commas between')
    .argument('<time>', 'the last transaction of the key at or before it is looked at', time)
    .argument('[file...]', 'recorded transactions, - for standard input; the tests beside the typologies unless given')
    .option('--typology <id>', 'only this one; all whose subject fits the key unless given')
    .option('--rules <dir>', 'folder of typologies', OWN_RULES)
    .option('--rates <file>', 'exchange rates, a CSV file or a folder of them', OWN_RATES)
    .option('--json', 'one verdict a line')
    .action(async (key: string, atMs: number, files: string[], flags: Flags) => {
      const asked = askedOf(key, flags);
      const rates = loadRates(flags.rates);
      const found = files.length > 0 ? await inFiles(asked, atMs, files, rates) : inTests(asked, atMs, rates, flags.rules);
      if (flags.json === true) io.out(found.map(({ from, inspection }) => `${JSON.stringify({ from, ...inspection })}\n`).join(''));
      else io.out(found.map(({ from, inspection, typology }) => `${from}\n${renderInspection(inspection, { typology, indent: '  ' })}\n\n`).join(''));
      if (found.length === 0) throw nothing(key, atMs, files.length > 0);
    });
}

interface Asked {
  readonly typology: Typology;
  readonly key: readonly string[];
}

function askedOf(key: string, flags: Flags): Asked[] {
  const { typologies } = rulesToRun(flags.rules);
  const wanted = typologies.filter((t) => flags.typology === undefined || t.id === flags.typology);
  if (wanted.length === 0) throw typologyUnknown(flags.typology ?? '', typologies, flags.rules);
  const asked = wanted.flatMap((typology) => {
    const texts = keyOf(key, typology);
    return texts === null ? [] : [{ typology, key: texts }];
  });
  if (asked.length === 0)
    throw wrongUse('key-unfit', `the key does not fit the subject: ${wanted.map((t) => `${t.id} looks at ${t.subject.paths.join(', ')}`).join('; ')}`);
  return asked;
}

async function inFiles(asked: readonly Asked[], atMs: number, files: readonly string[], rates: RateTable): Promise<Found[]> {
  const askers = asked.map(({ typology, key }) => ({ typology, asker: new WhyNot({ typology, key, atMs, rates }) }));
  for (const file of files) {
    const reader = new LineReader(file, LIMITS.recordBytesMax);
    do {
      for (let line = reader.next(); line !== undefined; line = reader.next()) {
        if (!isBlank(line)) for (const { asker } of askers) asker.take(line);
      }
    } while (await reader.fill());
  }
  return askers.flatMap(({ typology, asker }) => foundOf(typology, files.join(', '), asker.answer()));
}

/** Each test is a world of its own. */
function inTests(asked: readonly Asked[], atMs: number, rates: RateTable, dir: string): Found[] {
  return asked.flatMap(({ typology, key }) =>
    readTests(dir, [typology], true).sets.flatMap(({ path, tests }) =>
      tests.flatMap((test) => {
        const asker = new WhyNot({ typology, key, atMs, rates });
        for (const { json, receivedAtMs } of byReceipt(test.records)) {
          asker.take(Buffer.from(JSON.stringify({ ...json, receivedAt: new Date(receivedAtMs).toISOString() })));
        }
        return foundOf(typology, `${path}:${test.line}: ${test.name}`, asker.answer());
      }),
    ),
  );
}

function foundOf(typology: Typology, from: string, { inspection }: WhyNotAnswer): Found[] {
  return inspection === null ? [] : [{ typology, from, inspection }];
}

function nothing(key: string, atMs: number, inFiles: boolean): OperatingError {
  const where = inFiles ? 'the files' : 'the tests beside the typologies; name a file of transactions to look there';
  return wrongUse('key-without-transactions', `${JSON.stringify(key)} has no transaction at or before ${new Date(atMs).toISOString()} in ${where}`);
}

export function typologyUnknown(name: string, typologies: readonly Typology[], dir: string): OperatingError {
  const nearest = nearestName(
    name,
    typologies.map((t) => t.id),
  );
  const slip = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  return wrongUse('typology-unknown', `there is no typology ${JSON.stringify(name)} in ${dir}${slip}`);
}

function wrongUse(code: string, message: string): OperatingError {
  return new OperatingError(code, message, { exitStatus: EXIT.wrongUse });
}
