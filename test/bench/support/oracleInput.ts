import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_SETTINGS } from '../../../src/detection/settings.ts';
import type { Json, OracleRecord, OracleSettings, RateRow } from '../../support/oracle/types.ts';

/** Lines of a recorded file as the oracle takes them: r is the greater of `receivedAt`, else the time, and the r of the line before. */
export function recordsOf(text: string): OracleRecord[] {
  let r = Number.NEGATIVE_INFINITY;
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, i) => {
      const transaction = JSON.parse(line) as Json;
      r = Math.max(r, Date.parse((transaction['receivedAt'] ?? transaction['time']) as string));
      return { transaction, r, partition: 0, offset: i + 1 };
    });
}

export function ratesOf(path: string): RateRow[] {
  const files = statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [path];
  return files
    .filter((file) => file.endsWith('.csv'))
    .flatMap((file) => readFileSync(file, 'utf8').trim().split(/\r?\n/).slice(1))
    .map((line) => {
      const [date, currency, perEuro] = line.split(',') as [string, string, string];
      return { date, currency, perEuro };
    });
}

/** The contract's defaults, as `screen` has them. */
export function settingsOf(rates: readonly RateRow[]): OracleSettings {
  const { reportingCurrency, alertKey, latenessMs, latenessBySource, returnHorizonMs, dayLegsMax } = DEFAULT_SETTINGS;
  const [futureMs, asOfMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  return { reportingCurrency, alertKey, latenessMs, latenessBySource, futureMs, asOfMs, returnHorizonMs, dayLegsMax, rates };
}
