import fc from 'fast-check';
import { parseDate, parseTime, parseTimeBytes } from '../../../src/transactions/times.ts';

describe('times', () => {
  const instant = fc.integer({ min: Date.UTC(1, 0, 1), max: Date.UTC(9998, 0, 1) });

  test('are read as Date reads them, offsets included', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: -1439, max: 1439 }), (ms, offset) => {
        const sign = offset < 0 ? '-' : '+';
        const two = (n: number): string => String(n).padStart(2, '0');
        const zone = `${sign}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
        const local = new Date(ms + offset * 60_000).toISOString().slice(0, -1);
        expect(parseTime(`${local}${zone}`)).toBe(ms);
        expect(parseTime(new Date(ms).toISOString())).toBe(ms);
      }),
      { numRuns: 5000, seed: 1 },
    );
  });

  test.each([
    ['2026-03-01T09:00:00Z', Date.UTC(2026, 2, 1, 9)],
    ['2026-03-01t09:00:00z', Date.UTC(2026, 2, 1, 9)],
    ['2026-03-01T09:00:00-00:00', Date.UTC(2026, 2, 1, 9)],
    ['2026-03-01T09:00:00.5Z', Date.UTC(2026, 2, 1, 9, 0, 0, 500)],
    ['2026-03-01T09:00:00.0019999999999Z', Date.UTC(2026, 2, 1, 9, 0, 0, 1)],
    ['2026-03-01T00:30:00.999+01:00', Date.UTC(2026, 1, 28, 23, 30, 0, 999)],
    ['2024-02-29T23:59:59.999-23:59', Date.UTC(2024, 2, 1, 23, 58, 59, 999)],
    ['1969-12-31T23:59:59.9995Z', -1],
    ['2000-02-29T00:00:00Z', Date.UTC(2000, 1, 29)],
  ])('%s', (text, ms) => {
    expect(parseTime(text)).toBe(ms);
  });

  test.each([
    '2026-03-01T09:00:00',
    '2026-03-01',
    '2026-03-01 09:00:00Z',
    '2026-03-01T09:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T09:60:00Z',
    '2026-03-01T09:00:60Z',
    '2016-12-31T23:59:60Z',
    '2026-02-29T09:00:00Z',
    '2100-02-29T09:00:00Z',
    '2026-00-01T09:00:00Z',
    '2026-13-01T09:00:00Z',
    '2026-03-00T09:00:00Z',
    '2026-04-31T09:00:00Z',
    '2026-03-01T09:00:00.Z',
    '2026-03-01T09:00:00,5Z',
    '2026-03-01T09:00:00+0100',
    '2026-03-01T09:00:00+01',
    '2026-03-01T09:00:00+24:00',
    '2026-03-01T09:00:00+01:60',
    '2026-03-01T09:00:00Z ',
    ' 2026-03-01T09:00:00Z',
    '+2026-03-01T09:00:00Z',
    '26-03-01T09:00:00Z',
    '2026-3-1T09:00:00Z',
    '2026-03-01T9:00:00Z',
    '',
    'now',
    '2026-03-01T09:00:00.1',
    '2026-03-01T09:00:00ZZ',
    '٢٠٢٦-03-01T09:00:00Z',
    '2026-03-01T09:00:00−01:00',
  ])('%j is none', (text) => {
    expect(parseTime(text)).toBeNaN();
  });

  test('one byte changed is either no time or the time that Date reads', () => {
    const text = '2024-02-29T23:59:58.250+14:30';
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 32, max: 126 }), (at, code) => {
        const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
        const ms = parseTime(changed);
        if (!Number.isNaN(ms)) expect(ms).toBe(new Date(changed.toUpperCase()).getTime());
      }),
      { numRuns: 3000, seed: 2 },
    );
  });

  test('nothing after the end is read', () => {
    expect(parseTimeBytes(Buffer.from('2026-03-01T09:00:00Z'), 0, 19)).toBeNaN();
    expect(parseTimeBytes(Buffer.from('2026-03-01T09:00:00.5Z'), 0, 21)).toBeNaN();
  });
});

describe('dates', () => {
  test('are days since 1970-01-01, as Date counts them', () => {
    fc.assert(
      fc.property(fc.integer({ min: -700_000, max: 2_900_000 }), (day) => {
        expect(parseDate(new Date(day * 86_400_000).toISOString().slice(0, 10))).toBe(day);
      }),
      { numRuns: 5000, seed: 3 },
    );
    expect(parseDate('0000-03-01')).toBe(-719_468);
    expect(parseDate('9999-12-31')).toBe(2_932_896);
  });

  test.each(['2026-02-29', '1900-02-29', '2026-1-01', '2026-01-01Z', '20260101', '', '2026-01-32', '2026-00-10'])('%j is none', (text) => {
    expect(parseDate(text)).toBeNaN();
  });
});
