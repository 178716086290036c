import type { Random } from '../base/random.ts';
import { HOUR_MS } from './moments.ts';
import type { Payment } from './payments.ts';

/** What real feeds do: half of the troubled transactions come late but in time, a quarter twice, an eighth too late, an eighth has a broken line before it. */
export interface Noise {
  readonly share: number;
  readonly random: Random;
}

/** Lateness is 48 hours unless configured (S4). */
const LATENESS_HOURS = 48;

/** The lines of one payment: mostly one, at the prompt receipt time. `write` makes a line for a receipt time. */
export function troubled<T extends { readonly receivedAtMs: number; readonly line: string }>(
  { share, random }: Noise,
  payment: Payment,
  promptMs: number,
  write: (receivedAtMs: number) => T,
): (T | { receivedAtMs: number; line: string })[] {
  if (share === 0 || !random.chance(share)) return [write(promptMs)];
  const hours = (low: number, high: number): number => payment.timeMs + random.between(low * 3600, high * 3600) * (HOUR_MS / 3600);
  const choice = random.below(8);
  if (choice < 4) return [write(hours(1, LATENESS_HOURS - 1))];
  if (choice < 6) {
    const first = write(promptMs);
    return [first, { ...first, receivedAtMs: promptMs + random.between(1, 4 * HOUR_MS) }];
  }
  if (choice === 6) return [write(hours(LATENESS_HOURS + 1, LATENESS_HOURS * 2))];
  const good = write(promptMs);
  const broken = random.pick([
    good.line.slice(0, random.between(20, good.line.length - 1)),
    good.line.replace(/"value":"[^"]+"/, '"value":"-1.00"'),
    good.line.replace('"currency":', '"curency":'),
    good.line.replace(/"time":"[^"]+"/, '"time":"yesterday"'),
  ]);
  return [{ receivedAtMs: promptMs - 1, line: broken }, good];
}
