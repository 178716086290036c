import fc from 'fast-check';
import { DEFAULT_SETTINGS, type DetectionSettings } from '../../../src/detection/settings.ts';
import type { Typology } from '../../../src/typologies/ast.ts';
import type { Json, OracleRecord, OracleSettings, RateRow } from '../oracle/types.ts';
import { RECORD_TAPE, randomFeed, randomRates } from './feeds.ts';
import { Tape } from './tape.ts';
import { randomTypology, TYPOLOGY_TAPE } from './typologies.ts';
import { COARSE, DENSE, NARROW, type World } from './world.ts';

/** One case of the laws: typologies, the records that were received, and the numbers that steer how they are consumed. */
export interface History {
  readonly world: World;
  readonly typologies: readonly Typology[];
  /** In the order of append; offsets count from 0 in each partition. */
  readonly records: readonly OracleRecord[];
  readonly rates: readonly RateRow[];
  readonly steering: readonly number[];
  readonly reportingCurrency: string;
}

const numbers = (length: number): fc.Arbitrary<number[]> => fc.array(fc.nat(0x7fffffff), { minLength: length, maxLength: length });

/** Histories of one world. */
export function histories(world: World): fc.Arbitrary<History> {
  return fc
    .record({
      typologies: fc.array(numbers(TYPOLOGY_TAPE), { minLength: 1, maxLength: 4 }),
      records: fc.array(numbers(RECORD_TAPE), { minLength: world.recordsMin, maxLength: world.recordsMax, size: 'max' }),
      partitions: fc.integer({ min: 1, max: 3 }),
      rates: numbers(12),
      reportingCurrency: fc.constantFrom('EUR', 'EUR', 'EUR', 'USD', 'JPY'),
      steering: numbers(700),
    })
    .map((tapes) => ({
      world,
      typologies: tapes.typologies.map((tape, i) => randomTypology(new Tape(tape), world, i)),
      records: randomFeed(
        tapes.records.map((tape) => new Tape(tape)),
        world,
        tapes.partitions,
      ),
      rates: randomRates(new Tape(tapes.rates)),
      steering: tapes.steering,
      reportingCurrency: tapes.reportingCurrency,
    }));
}

/** Mostly coarse, often narrow, now and then dense, which takes the oracle long; and dense with one identifier for all transactions of a source. */
export function anyHistory(): fc.Arbitrary<History> {
  return fc.oneof(
    { weight: 10, arbitrary: histories(COARSE) },
    { weight: 7, arbitrary: histories(NARROW) },
    { weight: 2, arbitrary: histories(DENSE) },
    { weight: 1, arbitrary: histories(DENSE).map(withOneIdentifier) },
  );
}

/** The same (source, id) under many times: each is a transaction of its own (S2), and a return can mean several of them (S14). */
function withOneIdentifier(history: History): History {
  const records = history.records.map((record) => {
    const { returnOf, ...rest } = record.transaction as Json & { returnOf?: { source: string; id: string } };
    const meant = returnOf === undefined ? {} : { returnOf: { ...returnOf, id: 'one' } };
    return { ...record, transaction: { ...rest, id: 'one', ...meant } };
  });
  return { ...history, records };
}

export function oracleSettings({ world, rates, reportingCurrency }: History): OracleSettings {
  return {
    reportingCurrency,
    alertKey: 'a key for tests',
    latenessMs: world.latenessMs,
    latenessBySource: new Map(Object.entries(world.latenessBySource)),
    futureMs: 3_600_000,
    asOfMs: Number.POSITIVE_INFINITY,
    returnHorizonMs: world.returnHorizonMs,
    dayLegsMax: world.dayLegsMax,
    rates,
  };
}

export function engineSettings(history: History, mode: 'eager' | 'final'): DetectionSettings {
  const { rates: _, ...shared } = oracleSettings(history);
  return { ...DEFAULT_SETTINGS, ...shared, mode };
}
