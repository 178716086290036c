import type { ScreenResult } from '../pipeline/file/screen.ts';
import { SEVERITIES, type Severity } from '../typologies/ast.ts';
import { columns } from './columns.ts';

/** `screen --json`: the counts add up to `records`. */
export function summaryJson(result: ScreenResult): object {
  const { counts, times } = result;
  const ordered = (counts: ReadonlyMap<Severity, number>): object => Object.fromEntries(SEVERITIES.flatMap((s) => (counts.has(s) ? [[s, counts.get(s)]] : [])));
  const byTypology = Object.fromEntries([...result.tally].sort().map(([id, bySeverity]) => [id, ordered(bySeverity)]));
  return {
    schema: 'screen-summary/1',
    records: result.records,
    applied: counts.applied,
    rejected: counts.refused,
    rejectedByCode: Object.fromEntries([...counts.refusedByCode].sort()),
    duplicates: counts.duplicate,
    conflicts: counts.conflict,
    late: counts.late,
    clockSkew: counts.clockSkew,
    idReused: counts.idReused,
    unknownFields: counts.unknownFields,
    findings: Object.fromEntries([...counts.findingsByCode].sort()),
    alerts: result.alerts,
    alertsByTypology: byTypology,
    alertsBySeverity: Object.fromEntries(SEVERITIES.map((s) => [s, total(result, s)])),
    seconds: round(result.seconds),
    recordsPerSecond: perSecond(result),
    time: {
      readSeconds: round(times.readSeconds),
      parseSeconds: round(times.parseSeconds),
      checkSeconds: round(times.checkSeconds),
      detectSeconds: round(times.detectSeconds),
    },
  };
}

export function summaryText(result: ScreenResult): string {
  const { counts, times } = result;
  const n = (value: number): string => value.toLocaleString('en');
  const lines = [
    `${n(result.records)} records in ${result.seconds.toFixed(1)} s, ${n(perSecond(result))} a second`,
    `  applied ${n(counts.applied)} · rejected ${n(counts.refused)} · duplicates ${n(counts.duplicate)} · conflicts ${n(counts.conflict)} · late ${n(counts.late)}` +
      (counts.clockSkew > 0 ? ` · clock skew ${n(counts.clockSkew)}` : ''),
    `  time: read ${times.readSeconds.toFixed(1)} s · parse ${times.parseSeconds.toFixed(1)} s · check ${times.checkSeconds.toFixed(1)} s · detect ${times.detectSeconds.toFixed(1)} s (estimated from samples)`,
  ];
  if (counts.refusedByCode.size > 0) lines.push(`  rejected for: ${pairs(counts.refusedByCode)}`);
  if (counts.findingsByCode.size > 0) lines.push(`  data quality: ${pairs(counts.findingsByCode)}`);
  if (counts.unknownFields > 0) lines.push(`  fields left out since the format does not know them: ${n(counts.unknownFields)}`);
  if (counts.idReused > 0) lines.push(`  transactions whose id was met before at another time (id-reused): ${n(counts.idReused)}`);
  return `${lines.join('\n')}\n${alertTable(result)}\n`;
}

/** Alerts that stand, by typology and severity. */
export function alertTable(result: Pick<ScreenResult, 'tally' | 'alerts'>): string {
  if (result.alerts === 0) return 'no alerts';
  const rows = [...result.tally].sort().map(([id, bySeverity]) => {
    const counts = SEVERITIES.map((s) => bySeverity.get(s) ?? 0);
    return [id, ...counts, counts.reduce((a, b) => a + b, 0)];
  });
  const sums = ['all', ...SEVERITIES.map((s) => total(result, s)), result.alerts];
  return columns(['alerts by typology', ...SEVERITIES, 'all'], [...rows, sums], { sum: true });
}

function total(result: Pick<ScreenResult, 'tally'>, severity: (typeof SEVERITIES)[number]): number {
  let sum = 0;
  for (const bySeverity of result.tally.values()) sum += bySeverity.get(severity) ?? 0;
  return sum;
}

function pairs(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([code, count]) => `${code} ${count.toLocaleString('en')}`)
    .join(' · ');
}

function perSecond(result: ScreenResult): number {
  return result.seconds === 0 ? 0 : Math.round(result.records / result.seconds);
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
