/** In these states an alert has a content; they are listed and counted. */
export const ALERT_STATES = ['ready', 'claimed', 'resolved', 'withdrawn', 'dead'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/**
 * The alert's life, written out. Memory and Redis both look their transitions up here (the Redis scripts carry this very table), and
 * docs/queue.md prints it. A pair of state and action without a row is refused as `wrong-state`.
 */
export type StoredState = AlertState | 'retracted';
/** `none`: the queue has never heard of the alert. */
export type LifeState = StoredState | 'none';

/** What holds in each state. */
export const STATES: Readonly<Record<LifeState, string>> = {
  none: 'nothing is stored',
  ready: 'has hits and waits for an analyst, in the ranking of its lane',
  claimed: 'one analyst holds it under a lease; with or without hits',
  resolved: 'has a disposition, with the revision that it was given for; with or without hits',
  withdrawn: 'has no hits, and nobody holds it; kept, because an analyst has dealt with it',
  dead: 'was claimed and given back as often as is allowed; waits for an operator; with or without hits',
  retracted: 'has no hits and no analyst ever dealt with it; id and revision alone are left',
};

/**
 * `hit`: delivery of a content that differs from what stands. `lose`: delivery of an alert that has no hits (any more). `expire`: the lease ran out.
 * The others are what analysts do.
 */
export const ACTIONS = ['hit', 'lose', 'claim', 'extend', 'release', 'expire', 'resolve', 'reopen', 'note'] as const;
export type Action = (typeof ACTIONS)[number];

/**
 * What guards ask. `touched`: an analyst has done something to the alert. `hits`: it has hits. `triesLeft`: another claim may follow this one.
 * `added`: the delivery adds a hit or raises the severity. Besides, `extend`, `release` and `resolve` are the holder's alone (`not-holder`).
 */
export const FACTS = ['touched', 'hits', 'triesLeft', 'added'] as const;
export type Fact = (typeof FACTS)[number];
export type Facts = Readonly<Record<Fact, boolean>>;

export interface StateTransition {
  readonly from: LifeState;
  readonly action: Action;
  readonly guard: Partial<Facts>;
  readonly to: LifeState;
  /** What the step does besides. */
  readonly effect: string;
}

const KEPT = 'nothing is said' as const;

export const TRANSITIONS: readonly StateTransition[] = [
  { from: 'none', action: 'hit', guard: {}, to: 'ready', effect: '`open`, rev 1' },
  { from: 'none', action: 'lose', guard: {}, to: 'none', effect: KEPT },

  { from: 'ready', action: 'hit', guard: {}, to: 'ready', effect: '`update`, rev + 1' },
  { from: 'ready', action: 'lose', guard: { touched: false }, to: 'retracted', effect: '`retract`, rev + 1; the content goes' },
  { from: 'ready', action: 'lose', guard: { touched: true }, to: 'withdrawn', effect: '`update`, rev + 1, marked `withdrawn`' },
  { from: 'ready', action: 'claim', guard: {}, to: 'claimed', effect: 'the lease begins' },
  { from: 'ready', action: 'note', guard: {}, to: 'ready', effect: 'the note is kept' },

  { from: 'claimed', action: 'hit', guard: {}, to: 'claimed', effect: '`update`, rev + 1, says `changed`' },
  { from: 'claimed', action: 'lose', guard: {}, to: 'claimed', effect: '`update`, rev + 1, marked `withdrawn`, says `changed`' },
  { from: 'claimed', action: 'extend', guard: {}, to: 'claimed', effect: 'the lease ends later' },
  { from: 'claimed', action: 'release', guard: { hits: false }, to: 'withdrawn', effect: 'tries + 1' },
  { from: 'claimed', action: 'release', guard: { hits: true, triesLeft: true }, to: 'ready', effect: 'tries + 1' },
  { from: 'claimed', action: 'release', guard: { hits: true, triesLeft: false }, to: 'dead', effect: 'tries + 1' },
  { from: 'claimed', action: 'expire', guard: { hits: false }, to: 'withdrawn', effect: 'tries + 1' },
  { from: 'claimed', action: 'expire', guard: { hits: true, triesLeft: true }, to: 'ready', effect: 'tries + 1' },
  { from: 'claimed', action: 'expire', guard: { hits: true, triesLeft: false }, to: 'dead', effect: 'tries + 1' },
  { from: 'claimed', action: 'resolve', guard: {}, to: 'resolved', effect: 'the disposition is kept with the revision' },
  { from: 'claimed', action: 'note', guard: {}, to: 'claimed', effect: 'the note is kept' },

  {
    from: 'resolved',
    action: 'hit',
    guard: { added: true },
    to: 'ready',
    effect: '`update`, rev + 1, marked `changedAfterResolution`, tries from 0; the disposition stays',
  },
  { from: 'resolved', action: 'hit', guard: { added: false }, to: 'resolved', effect: '`update`, rev + 1; the disposition stays' },
  { from: 'resolved', action: 'lose', guard: {}, to: 'resolved', effect: '`update`, rev + 1, marked `withdrawn`; the disposition stays' },
  { from: 'resolved', action: 'reopen', guard: { hits: true }, to: 'ready', effect: 'the disposition is taken back, tries from 0' },
  { from: 'resolved', action: 'reopen', guard: { hits: false }, to: 'withdrawn', effect: 'the disposition is taken back, tries from 0' },
  { from: 'resolved', action: 'note', guard: {}, to: 'resolved', effect: 'the note is kept' },

  { from: 'withdrawn', action: 'hit', guard: {}, to: 'ready', effect: '`update`, rev + 1, the mark goes' },
  { from: 'withdrawn', action: 'lose', guard: {}, to: 'withdrawn', effect: KEPT },
  { from: 'withdrawn', action: 'claim', guard: {}, to: 'claimed', effect: 'only by its id, to write a disposition' },
  { from: 'withdrawn', action: 'note', guard: {}, to: 'withdrawn', effect: 'the note is kept' },

  { from: 'dead', action: 'hit', guard: {}, to: 'dead', effect: '`update`, rev + 1' },
  { from: 'dead', action: 'lose', guard: {}, to: 'dead', effect: '`update`, rev + 1, marked `withdrawn`' },
  { from: 'dead', action: 'reopen', guard: { hits: true }, to: 'ready', effect: 'tries from 0' },
  { from: 'dead', action: 'reopen', guard: { hits: false }, to: 'withdrawn', effect: 'tries from 0' },
  { from: 'dead', action: 'note', guard: {}, to: 'dead', effect: 'the note is kept' },

  { from: 'retracted', action: 'hit', guard: {}, to: 'ready', effect: '`open`, rev + 1, whatever the content' },
  { from: 'retracted', action: 'lose', guard: {}, to: 'retracted', effect: KEPT },
];

/** Where the action leads, or null where the state does not allow it. */
export function nextState(from: LifeState, action: Action, facts: Facts): LifeState | null {
  const row = TRANSITIONS.find(
    (t) => t.from === from && t.action === action && FACTS.every((fact) => t.guard[fact] === undefined || t.guard[fact] === facts[fact]),
  );
  return row === undefined ? null : row.to;
}
