import { ALARMS, readinessOf, UNREADY } from '../../../src/app/readiness.ts';

test('a run that works is ready, and says all that it looked at', () => {
  const checks = readinessOf({ state: 'live', ready: true, reasons: [], alarms: [] });
  expect(checks.map(({ code }) => code)).toEqual(Object.keys(UNREADY));
  expect(checks.every(({ ok }) => ok)).toBe(true);
});

test('what is in the way has a reason in words, also one that is new', () => {
  const checks = readinessOf({ state: 'blocked', ready: false, reasons: ['engine-full', 'something-new'], alarms: [] });
  expect(checks.filter(({ ok }) => !ok)).toEqual([
    { code: 'engine-full', ok: false, reason: UNREADY['engine-full'] },
    { code: 'something-new', ok: false, reason: 'something-new' },
  ]);
});

test('an alarm is told and does not make it unready', () => {
  const alarm = readinessOf({ state: 'live', ready: true, reasons: [], alarms: ['engine-fault'] }).at(-1);
  expect(alarm).toEqual({ code: 'engine-fault', ok: true, reason: ALARMS['engine-fault'] });
});
