import type { RateTable } from '../transactions/rateLookup.ts';
import type { Constants } from './constants.ts';
import { DAY_MS } from './days.ts';
import { ERRORED } from './exact.ts';
import type { Rows } from './rows.ts';

const ENTRIES = 1 << 14;

/** Amounts in another currency (S17). Conversions are remembered by amount, currencies and day, of which a conversion is a function. */
export class Exchange {
  private readonly rows: Rows;
  private readonly rates: RateTable;
  private readonly constants: Constants;
  private readonly targets: string[] = [];
  private readonly targetIds: number[] = [];
  private readonly amounts = new Float64Array(ENTRIES);
  private readonly days = new Int32Array(ENTRIES);
  private readonly pairs = new Float64Array(ENTRIES).fill(-1);
  private readonly results = new Float64Array(ENTRIES);

  constructor(rows: Rows, rates: RateTable, constants: Constants) {
    this.rows = rows;
    this.rates = rates;
    this.constants = constants;
  }

  /** The number by which `convert` knows a currency. */
  target(currency: string): number {
    const known = this.targets.indexOf(currency);
    if (known >= 0) return known;
    this.targetIds.push(this.constants.id(currency));
    return this.targets.push(currency) - 1;
  }

  /** The amount of a row in a target currency, in minor units; `ERRORED` where it cannot be converted. */
  convert(row: number, target: number): number {
    const rows = this.rows;
    const from = rows.currency(row);
    const amount = rows.amount(row);
    if (from === this.targetIds[target]) return amount;
    const day = Math.floor(rows.t(row) / DAY_MS);
    const pair = from * 256 + target;
    const at = (Math.imul(amount | 0, 0x9e3779b1) ^ Math.imul(day, 0x85ebca6b) ^ Math.imul(from, 0xc2b2ae35) ^ target) & (ENTRIES - 1);
    if (this.amounts[at] === amount && this.days[at] === day && this.pairs[at] === pair) return this.results[at]!;
    this.constants.keep(from);
    const converted = this.rates.convert(amount, rows.table.text(from), this.targets[target]!, rows.t(row));
    this.amounts[at] = amount;
    this.days[at] = day;
    this.pairs[at] = pair;
    return (this.results[at] = Number.isNaN(converted) ? ERRORED : converted);
  }
}
