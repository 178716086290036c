import type { Random } from '../base/random.ts';
import { HOUR_MS } from './moments.ts';

/** What real feeds do: half of the troubled transactions come late but in time, a quarter twice, an eighth too late, an eighth has a broken line before it. */
export interface Noise {
  readonly share: number;
  readonly random: Random;
}

/** One line to be written of a payment. */
export interface Receipt {
  readonly receivedAtMs: number;
  readonly broken: boolean;
}

/** Lateness is 48 hours unless configured (S4). */
const LATENESS_HOURS = 48;

/** The lines of one payment: mostly one, at the prompt receipt time. */
export function receiptsOf({ share, random }: Noise, timeMs: number, promptMs: number): Receipt[] {
  const at = (receivedAtMs: number, broken = false): Receipt => ({ receivedAtMs, broken });
  if (share === 0 || !random.chance(share)) return [at(promptMs)];
  const hours = (low: number, high: number): number => timeMs + random.between(low * 3600, high * 3600) * (HOUR_MS / 3600);
  const choice = random.below(8);
  if (choice < 4) return [at(hours(1, LATENESS_HOURS - 1))];
  if (choice < 6) return [at(promptMs), at(promptMs + random.between(1, 4 * HOUR_MS))];
  if (choice === 6) return [at(hours(LATENESS_HOURS + 1, LATENESS_HOURS * 2))];
  return [at(promptMs - 1, true), at(promptMs)];
}

/** A line as a broken sender writes it. */
export function damaged(line: string, random: Random): string {
  switch (random.below(4)) {
    case 0:
      return line.slice(0, random.between(20, line.length - 1));
    case 1:
      return line.replace(/"value":"[^"]+"/, '"value":"-1.00"');
    case 2:
      return line.replace('"currency":', '"curency":');
    default:
      return line.replace(/"time":"[^"]+"/, '"time":"yesterday"');
  }
}
