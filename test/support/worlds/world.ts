const HOUR = 3_600_000;

/** Constants so tiny that ties, exact edges and overfull days are the rule. Times are ms. */
export interface World {
  readonly name: string;
  readonly latenessMs: number;
  /** Sources with less lateness than that. */
  readonly latenessBySource: Readonly<Record<string, number>>;
  readonly slackMs: number;
  readonly returnHorizonMs: number;
  readonly dayLegsMax: number;
  readonly windowsMs: readonly number[];
  readonly periodsMs: readonly number[];
  /** Events lie between the start and this many hours after it, on a grid of `stepMs`. */
  readonly spanHours: number;
  readonly stepMs: number;
  readonly recordsMin: number;
  readonly recordsMax: number;
  readonly accounts: number;
}

/** Start of every history: a midnight that is also the start of a period of each world. */
export const START_MS = Date.UTC(2026, 2, 3) - (Date.UTC(2026, 2, 3) % (120 * HOUR));

/** D 5, R 10, P 20, W 7, N 6 a day. */
export const COARSE: World = {
  name: 'coarse',
  latenessMs: 5 * HOUR,
  latenessBySource: { 'bank-é': 3 * HOUR },
  slackMs: 60_000,
  returnHorizonMs: 10 * HOUR,
  dayLegsMax: 6,
  windowsMs: [7 * HOUR, 3 * HOUR, HOUR, 30 * HOUR],
  periodsMs: [20 * HOUR],
  spanHours: 90,
  stepMs: HOUR,
  recordsMin: 15,
  recordsMax: 50,
  accounts: 4,
};

/** P 2, D 1, no slack, R beyond a day: a wrong F, replay start or forgetting shows here. */
export const NARROW: World = {
  name: 'narrow',
  latenessMs: HOUR,
  latenessBySource: {},
  slackMs: 0,
  returnHorizonMs: 30 * HOUR,
  dayLegsMax: 5,
  windowsMs: [2 * HOUR, HOUR, 4 * HOUR],
  periodsMs: [2 * HOUR, 3 * HOUR],
  spanHours: 72,
  stepMs: HOUR,
  recordsMin: 15,
  recordsMax: 50,
  accounts: 3,
};

/** Few keys and many legs in each window, more than an engine reads anew at every leg. */
export const DENSE: World = {
  name: 'dense',
  latenessMs: 5 * HOUR,
  latenessBySource: {},
  slackMs: 60_000,
  returnHorizonMs: 10 * HOUR,
  dayLegsMax: 90,
  windowsMs: [30 * HOUR, 18 * HOUR, 7 * HOUR],
  periodsMs: [20 * HOUR],
  spanHours: 60,
  stepMs: HOUR / 4,
  recordsMin: 90,
  recordsMax: 150,
  accounts: 2,
};

/** All periods divide it, and a day does. */
export const COMMON_PERIOD_MS = 120 * HOUR;
