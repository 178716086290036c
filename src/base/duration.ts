/** Durations as authors and operators write them: `36h`, `7d`, `1d12h`. */
const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
]);

/** Milliseconds of `{integer unit}+`, or null where the text is no duration or exceeds 2^53 − 1 ms. */
export function parseDuration(text: string): number | null {
  if (!/^(?:\d{1,15}(?:ms|[smhdw]))+$/.test(text)) return null;
  let total = 0;
  for (const [, digits, unit] of text.matchAll(/(\d+)(ms|[smhdw])/g)) total += Number(digits) * UNIT_MS.get(unit!)!;
  return Number.isSafeInteger(total) ? total : null;
}

/** The shortest such text: units from days down to milliseconds, `0ms` for nothing; a minus sign before negative ones. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`;
  let rest = ms;
  let text = '';
  for (const [unit, size] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
    ['ms', 1],
  ] as const) {
    const n = Math.floor(rest / size);
    if (n > 0) text += `${n}${unit}`;
    rest -= n * size;
  }
  return text === '' ? '0ms' : text;
}
