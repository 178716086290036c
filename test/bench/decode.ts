import { createHash } from 'node:crypto';
import { OWN_RULES } from '../../src/app/paths.ts';
import { activeOf, rulesToRun } from '../../src/app/rules.ts';
import { Random } from '../../src/base/random.ts';
import { fieldsWanted } from '../../src/detection/compile/walk.ts';
import { blankTransaction, createDecoder } from '../../src/transactions/decoder.ts';
import { TextTable } from '../../src/transactions/texts.ts';

/**
 * A bare `JSON.parse` loop against the decoder on the same lines, interleaved: rounds of each after two to warm up, in processor time, so that what
 * else the machine does shows less. Prints nanoseconds a record (least and median), the ratio of the medians, and a digest of all that was decoded.
 * Arguments: number of lines (100,000 unless given) and of accounts (50,000).
 */
const ROUNDS = 11;
const WARM_UP = 2;
/** What the typologies of the project read. */
const WANTED: ReadonlySet<string> = fieldsWanted(activeOf(rulesToRun(OWN_RULES)));

const pad = (n: number, width: number): string => String(n).padStart(width, '0');

function iban(n: number): string {
  const bban = `BUKB${pad(n, 14)}`;
  const digits = [...`${bban}GB00`].map((c) => Number.parseInt(c, 36)).join('');
  return `GB${pad(98 - Number(BigInt(digits) % 97n), 2)}${bban}`;
}

function party(n: number): Record<string, unknown> {
  return {
    account: n % 3 === 0 ? `W-${n}` : iban(n),
    party: `P-${pad(n, 7)}`,
    name: `Name ${n} Example`,
    type: 'person',
    country: n % 2 === 0 ? 'GB' : 'TR',
    town: 'Leeds',
    birthDate: `19${50 + (n % 50)}-0${1 + (n % 9)}-1${n % 10}`,
    phone: `h:${pad(n * 7, 8)}`,
    agent: { bic: 'BUKBGB22', branch: `LDS-${n % 100}`, country: 'GB' },
  };
}

function line(random: Random, i: number, accounts: number): string {
  const time = new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString();
  return JSON.stringify({
    schema: 'transaction/1',
    source: `bank-${random.below(5)}`,
    id: `2026-${pad(i, 9)}`,
    time,
    kind: random.pick(['remittance', 'credit-transfer', 'p2p']),
    channel: 'online',
    status: 'settled',
    amount: { value: (random.between(100, 500_000) / 100).toFixed(2), currency: random.chance(0.8) ? 'EUR' : 'GBP' },
    debtor: party(random.below(accounts)),
    creditor: party(random.below(accounts)),
    device: `h:${pad(random.below(1e6), 6)}`,
    endToEndId: `E2E-${i}`,
    uetr: `97ed4827-7b6f-4491-a06f-${pad(i, 12)}`,
    purpose: 'FAMI',
    remittanceInformation: random.pick(['family help', 'rent June', 'invoice 4711', 'gift']),
  });
}

function nanosecondsEach(count: number, run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return ((user + system) * 1000) / count;
}

function main(count: number, accounts: number): void {
  const random = new Random(1);
  const lines = Array.from({ length: count }, (_, i) => Buffer.from(line(random, i, accounts)));
  const texts = new TextTable();
  const decoder = createDecoder({ texts, wanted: WANTED });
  const out = blankTransaction();
  const timings: Record<'parse' | 'decode', number[]> = { parse: [], decode: [] };
  let parsed = 0;
  let digest = '';
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const parse = nanosecondsEach(count, () => {
      for (const bytes of lines) parsed += (JSON.parse(bytes.toString()) as { id: string }).id.length;
    });
    const sha = createHash('sha256');
    const decode = nanosecondsEach(count, () => {
      for (const bytes of lines) if (decoder.decode(bytes, out) !== null) throw new Error('the bench makes valid records');
    });
    for (const bytes of lines.slice(0, 1000)) {
      decoder.decode(bytes, out);
      sha.update(out.digest);
    }
    digest = sha.digest('hex');
    if (round < WARM_UP) continue;
    timings.parse.push(parse);
    timings.decode.push(decode);
  }
  report(lines, timings, parsed, digest);
}

function report(lines: readonly Buffer[], timings: Record<'parse' | 'decode', number[]>, parsed: number, digest: string): void {
  const bytes = lines.reduce((sum, l) => sum + l.length, 0) / lines.length;
  const sorted = { parse: timings.parse.sort((a, b) => a - b), decode: timings.decode.sort((a, b) => a - b) };
  const show = (name: 'parse' | 'decode'): string => `${sorted[name][0]!.toFixed(0)} / ${sorted[name][ROUNDS >> 1]!.toFixed(0)} ns a record (least / median)`;
  console.log(`${lines.length} lines of ${bytes.toFixed(0)} bytes, Node ${process.version}, seed 1`);
  console.log(`bare JSON.parse   ${show('parse')}   [${parsed}]`);
  console.log(`decode            ${show('decode')}`);
  console.log(
    `decode runs at ${(sorted.parse[ROUNDS >> 1]! / sorted.decode[ROUNDS >> 1]!).toFixed(2)} of the rate of JSON.parse; digest of the first 1000: ${digest}`,
  );
}

main(Number(process.argv[2] ?? 100_000), Number(process.argv[3] ?? 50_000));
