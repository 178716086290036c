import type { Command } from 'commander';
import { EXIT } from '../../base/errors.ts';
import { isBlank, LineReader } from '../../pipeline/file/lines.ts';
import { FINDINGS, type FindingCode, REJECTIONS } from '../../transactions/codes.ts';
import { blankTransaction, createDecoder } from '../../transactions/decoder.ts';
import { LIMITS } from '../../transactions/limits.ts';
import { TextTable } from '../../transactions/texts.ts';
import type { Io } from '../io.ts';
import type { Outcome } from '../outcome.ts';

/** Records between two looks at which texts can be forgotten. */
const SWEEP_RECORDS = 10_000;

export function registerFeed(root: Command, io: Io, outcome: Outcome): void {
  const feed = root.command('feed').description('What a bank runs before it connects.');
  feed
    .command('check')
    .description('Check a file of transactions: every finding with its line, field and reason, and a summary of data quality.')
    .argument('<file>', 'a file of transactions, one JSON object a line; - is standard input, .gz is read as is')
    .action(async (file: string) => {
      outcome.status = (await check(file, io)) ? EXIT.done : EXIT.notInOrder;
    });
}

/** Whether every record is fit to be taken. Findings of data quality do not refuse a record. */
async function check(file: string, io: Io): Promise<boolean> {
  const reader = new LineReader(file, LIMITS.recordBytesMax);
  const texts = new TextTable();
  const decoder = createDecoder({ texts, wanted: new Set() });
  const transaction = blankTransaction();
  const byCode = new Map<string, number>();
  const count = (code: string): void => void byCode.set(code, (byCode.get(code) ?? 0) + 1);
  let [records, refused, unknownFields] = [0, 0, 0];
  do {
    for (let bytes = reader.next(); bytes !== undefined; bytes = reader.next()) {
      if (isBlank(bytes)) continue;
      const rejection = decoder.decode(bytes, transaction);
      if (++records % SWEEP_RECORDS === 0) texts.sweep();
      const at = `${file}:${reader.line}: `;
      if (rejection !== null) {
        refused++;
        count(rejection.code);
        io.out(`${at}refused: ${rejection.code}${rejection.field === '' ? '' : ` at ${rejection.field}`}: ${rejection.reason}\n`);
        continue;
      }
      unknownFields += decoder.unknownFields;
      for (const { code, field } of decoder.findings) {
        count(code);
        io.out(`${at}data quality: ${code} at ${field}: ${FINDINGS[code as FindingCode]}\n`);
      }
    }
  } while (await reader.fill());
  io.out(
    `${records.toLocaleString('en')} records, ${refused.toLocaleString('en')} refused; fields that the format does not know: ${unknownFields.toLocaleString('en')}\n`,
  );
  for (const [code, n] of [...byCode].sort((a, b) => b[1] - a[1]))
    io.out(`  ${code}: ${n.toLocaleString('en')} (${Object.hasOwn(REJECTIONS, code) ? 'refused' : 'data quality'})\n`);
  return refused === 0;
}
