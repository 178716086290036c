import type { AlertChange } from '../../../src/detection/content.ts';
import type { Typology } from '../../../src/typologies/ast.ts';
import type { MakeEngine } from './session.ts';
import { dropping, firstWins, mapWindows, saying, seenBy, spoilEngine, spoilOptions, turnComparisons } from './spoiling.ts';

/** An engine that is wrong on purpose, and the law that must notice. */
export interface Canary {
  readonly law: string;
  readonly mistake: string;
  readonly spoil: (make: MakeEngine) => MakeEngine;
}

const HOUR = 3_600_000;

export const CANARIES: readonly Canary[] = [
  { law: 'L1', mistake: 'a late record is dropped', spoil: dropping((t, { r }) => r - t.timeMs > HOUR / 2) },
  {
    law: 'L1',
    mistake: 'windows are a millisecond too long',
    spoil: spoilOptions(({ typologies }) => ({ typologies: mapWindows(typologies, (ms) => ms + 1) })),
  },
  {
    law: 'L1',
    mistake: 'windows are a millisecond too short',
    spoil: spoilOptions(({ typologies }) => ({ typologies: mapWindows(typologies, (ms) => ms - 1) })),
  },
  {
    law: 'L1',
    mistake: 'at least is taken for more than',
    spoil: spoilOptions(({ typologies }) => ({ typologies: typologies.map((t) => turnComparisons(t) as Typology) })),
  },
  { law: 'L1', mistake: 'a retraction is lost', spoil: saying(({ content }) => content !== null) },
  {
    law: 'L1',
    mistake: 'one more transaction makes a day overfull',
    spoil: spoilOptions(({ settings }) => ({ settings: { ...settings, dayLegsMax: settings.dayLegsMax + 1 } })),
  },
  {
    law: 'L1',
    mistake: 'returns reach a millisecond less far',
    spoil: spoilOptions(({ settings }) => ({ settings: { ...settings, returnHorizonMs: settings.returnHorizonMs - 1 } })),
  },
  {
    law: 'L1',
    mistake: 'statuses are not heard',
    spoil: spoilEngine((engine) => ({ apply: (t, receipt) => engine.apply(Object.assign(t, { status: 0 }), receipt) })),
  },
  {
    law: 'L1',
    mistake: 'the plain evaluator reads windows that are too long',
    spoil: spoilOptions(({ typologies, generates }) => ({ typologies: generates === false ? mapWindows(typologies, (ms) => ms + 1) : typologies })),
  },
  {
    law: 'L1',
    mistake: 'states read windows that are too long',
    spoil: spoilOptions(({ typologies, hotLegs }) => ({ typologies: hotLegs === 0 ? mapWindows(typologies, (ms) => ms + 1) : typologies })),
  },
  { law: 'L1', mistake: 'errored verdicts are not noticed', spoil: spoilEngine(() => ({ drainNotices: () => [] })) },
  { law: 'L1', mistake: 'conflicts are not told', spoil: spoilEngine(() => ({ drainConflicts: () => [] })) },
  {
    law: 'L2',
    mistake: 'the content that comes first wins',
    spoil: firstWins((t) => `${t.texts[0]} ${t.id} ${t.timeMs}`),
  },
  {
    law: 'L2',
    mistake: 'of contents received at once the one that comes first wins',
    spoil: firstWins((t, receipt) => `${t.texts[0]} ${t.id} ${t.timeMs} ${receipt.r}`),
  },
  {
    law: 'L2',
    mistake: 'what is left for later is never said',
    spoil: spoilEngine((engine) => ({
      drain(options) {
        const changes = engine.drain();
        return options?.deferLate === true ? [] : changes;
      },
    })),
  },
  {
    law: 'L3',
    mistake: 'a repeated record gives the money back',
    spoil: spoilEngine((engine) => {
      const seen = new Set<string>();
      return {
        apply(t, receipt) {
          const record = `${t.texts[0]} ${t.id} ${t.timeMs} ${receipt.r} ${t.status} ${Buffer.from(t.digest).toString('hex')}`;
          const isRepeated = seen.has(record);
          seen.add(record);
          return engine.apply(isRepeated ? Object.assign(t, { status: 2 }) : t, receipt);
        },
      };
    }),
  },
  {
    law: 'L3',
    mistake: 'a repeated record is a new transaction',
    spoil: spoilEngine((engine) => {
      const seen = new Map<string, number>();
      return {
        apply(t, receipt) {
          const identity = `${t.texts[0]} ${t.id} ${t.timeMs} ${receipt.r}`;
          const times = seen.get(identity) ?? 0;
          seen.set(identity, times + 1);
          return engine.apply(times === 0 ? t : Object.assign(t, { id: `${t.id}-${times}` }), receipt);
        },
      };
    }),
  },
  { law: 'L4', mistake: 'a partition is not read', spoil: dropping((_, { partition }) => partition === 3) },
  {
    law: 'L4',
    mistake: 'each partition has identities of its own',
    spoil: spoilEngine((engine) => ({ apply: (t, receipt) => engine.apply(Object.assign(t, { id: `${t.id}-${receipt.partition}` }), receipt) })),
  },
  { law: 'L5', mistake: 'the replay starts too late', spoil: spoilEngine(() => ({ retentionMs: -12 * HOUR })) },
  {
    law: 'L5',
    mistake: 'what the replay finds is not said',
    spoil: spoilEngine((engine) => ({
      endReplay: (wm) => {
        engine.endReplay(wm);
        engine.drain();
      },
    })),
  },
  {
    law: 'L5',
    mistake: 'the replay says what is final again',
    spoil: spoilEngine((engine) => ({ endReplay: (wm) => engine.endReplay(wm - 48 * HOUR) })),
  },
  {
    law: 'L5',
    mistake: 'the replay ends beyond where the old owner stood',
    spoil: spoilEngine((engine) => ({ endReplay: (wm) => engine.endReplay(wm + 30 * HOUR) })),
  },
  {
    law: 'L5',
    mistake: 'a new owner takes the first receipt of its replay for that of the first start',
    spoil: spoilEngine((engine) => {
      let isAwaited = false;
      return {
        beginReplay() {
          isAwaited = true;
          engine.beginReplay();
        },
        apply(t, receipt) {
          if (isAwaited) engine.setFirstReceipt(receipt.r);
          isAwaited = false;
          return engine.apply(t, receipt);
        },
      };
    }),
  },
  {
    law: 'L5',
    mistake: 'the replay leaves a record out',
    spoil: spoilEngine((engine) => {
      let skips = false;
      return {
        beginReplay: () => {
          skips = true;
          engine.beginReplay();
        },
        apply: (t, receipt) => {
          if (skips && receipt.offset % 3 === 1) {
            skips = false;
            return 'applied';
          }
          return engine.apply(t, receipt);
        },
      };
    }),
  },
  {
    law: 'L6',
    mistake: 'the windows of a typology grow among others',
    spoil: spoilOptions(({ typologies }) => ({ typologies: typologies.map((t, i) => (i === 0 ? t : mapWindows(t, (ms) => ms + 5 * HOUR))) })),
  },
  {
    law: 'L6',
    mistake: 'all typologies see what the first one sees',
    spoil: spoilOptions(({ typologies }) => ({ typologies: typologies.map(({ where: _, ...t }) => ({ ...t, ...seenBy(typologies[0]!) })) })),
  },
  {
    law: 'L7',
    mistake: 'eager takes nothing back',
    spoil: (make) => (options) => (options.settings.mode === 'eager' ? saying(({ content }) => content !== null)(make)(options) : make(options)),
  },
  { law: 'L7', mistake: 'final speaks like eager', spoil: spoilOptions(({ settings }) => ({ settings: { ...settings, mode: 'eager' } })) },
  {
    law: 'L7',
    mistake: 'final loses alerts',
    spoil: (make) => (options) => (options.settings.mode === 'final' ? saying(({ alertId }) => alertId > '8')(make)(options) : make(options)),
  },
  { law: 'L9', mistake: 'records of some weeks are dropped', spoil: dropping((t) => Math.floor(t.timeMs / (240 * HOUR)) % 2 === 0) },
  { law: 'L11', mistake: 'history is forgotten a day too early', spoil: spoilEngine((engine) => ({ advance: (wm) => engine.advance(wm + 30 * HOUR) })) },
  {
    law: 'L11',
    mistake: 'nothing is forgotten',
    spoil: spoilEngine((engine) => ({
      advance: (wm) => {
        if (wm === Number.POSITIVE_INFINITY) engine.advance(wm);
      },
    })),
  },
  { law: 'L12', mistake: 'alerts are final a day too early', spoil: spoilEngine((engine) => ({ advance: (wm) => engine.advance(wm + 24 * HOUR) })) },
  {
    law: 'L12',
    mistake: 'all is said a batch later',
    spoil: spoilEngine((engine) => {
      let before: AlertChange[] = [];
      return {
        drain(options) {
          const changes = before;
          before = engine.drain(options);
          return changes;
        },
      };
    }),
  },
  {
    law: 'L13',
    mistake: 'what was said of a record is counted, whatever came later',
    spoil: spoilEngine((engine) => {
      const said = { applied: 0, duplicate: 0, conflict: 0, late: 0, future: 0, clockSkew: 0 };
      const names = { 'too-late': 'late', 'clock-skew': 'clockSkew', 'id-reused': 'applied' } as const;
      return {
        counts: said,
        apply(t, receipt) {
          const outcome = engine.apply(t, receipt);
          said[outcome in names ? names[outcome as keyof typeof names] : (outcome as 'applied' | 'duplicate' | 'conflict' | 'future')]++;
          return outcome;
        },
      };
    }),
  },
  {
    law: 'L13',
    mistake: 'late records are counted as applied',
    spoil: spoilEngine((engine) => ({
      get counts() {
        const c = engine.counts;
        return { ...c, applied: c.applied + c.late, late: 0 };
      },
    })),
  },
  {
    law: 'inspection',
    mistake: 'an inspection asks the leg before',
    spoil: spoilEngine((engine) => ({
      inspect(typology, key, atMs) {
        const [found, other] = [engine.inspect(typology, key, atMs), engine.inspect(typology, key, atMs - 1)];
        return found === null || other === null ? found : { ...other, anchor: found.anchor };
      },
    })),
  },
];
