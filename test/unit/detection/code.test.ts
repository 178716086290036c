import { canGenerate, Emitter } from '../../../src/detection/compile/emitter.ts';
import { guardOf } from '../../../src/detection/compile/guard.ts';
import { SIDE } from '../../../src/detection/histories.ts';
import { Rows } from '../../../src/detection/rows.ts';
import { TEXT_SLOT } from '../../../src/transactions/fields.ts';
import { TextTable } from '../../../src/transactions/texts.ts';
import { Desk, NOON, typology } from './desk.ts';

/** Runs with a `Function` that does as `--disallow-code-generation-from-strings` does, or tells what code it was given. */
function withFunction<T>(fake: (code: string) => void, run: () => T): T {
  const { Function: original } = globalThis;
  globalThis.Function = new Proxy(original, {
    construct(target, texts: string[]) {
      fake(texts.at(-1) ?? '');
      return Reflect.construct(target, texts) as object;
    },
  });
  try {
    return run();
  } finally {
    globalThis.Function = original;
  }
}

describe('generated code', () => {
  test('where code may not be generated, the plain evaluator says the same', () => {
    const forbid = (): never => {
      throw new EvalError('Code generation from strings disallowed for this context');
    };
    const rule = typology('where: incoming\nwhen: count() over 1h >= 2 and amount >= 0.5 * (sum(amount) over 1h)');
    const payments = [0, 1, 2].map((i) => ({ t: NOON + i, id: `t${i}`, way: 'P>M' }));
    expect(canGenerate()).toBe(true);
    expect(withFunction(forbid, canGenerate)).toBe(false);
    expect(withFunction(forbid, () => new Desk([rule]).hits(payments))).toEqual(new Desk([rule]).hits(payments));
    expect(new Desk([rule]).hits(payments)).toEqual(['t1']);
  });

  test('another failure is not taken for that', () => {
    const fail = (): never => {
      throw new RangeError('out of memory');
    };
    expect(() => withFunction(fail, canGenerate)).toThrow(RangeError);
  });

  test('nothing of a file is written into code', () => {
    const canary = 'canary`${x}"\\u0027';
    const rule = typology(`params:
  word: { type: text, default: '${canary}', reason: 'because', basis: E }
where: incoming
let:
  canary_let: count(where counterparty.account in [canary_a, canary_b] or device == "canary_c" or id == "canary_d") over 1h
when: canary_let >= 0 and not (debtor.name == params.word) and coalesce(device, "canary_e") == "canary_e"
score: { base: 1, add: [{ points: 1, when: 'purpose not in [canary_f]', because: 'canary' }], alert_at: 1 }`);
    const codes: string[] = [];
    const hits = withFunction(
      (code) => void codes.push(code),
      () => new Desk([rule], { generates: true }).hits([{ t: NOON, id: 'x', way: 'P>M' }]),
    );
    expect(hits).toEqual(['x']);
    expect(codes.length).toBeGreaterThan(1);
    expect(codes.filter((code) => code.includes('canary'))).toEqual([]);
  });

  test('a path that no typology reads has no place in a row', () => {
    const emitter = new Emitter(new Rows(new TextTable(), ['device'], 0, 100));
    const leg = { row: 'row', side: 'side', words: 'W', doubles: 'D', at: 'o' };
    expect(emitter.text(leg, 'device')).toMatch(/^W\[o \+ \d+\]$/);
    expect(() => emitter.text(leg, 'ip')).toThrow('a text is kept for each path that is read');
  });

  test.each([
    ['1 / (count() over 1h) == 1 / 1', ['t0']],
    ['(count() over 1h) / 3 > 0.6 and (count() over 1h) / 3 < 0.7', ['t1']],
    ['avg(amount) over 1h == 150 EUR', ['t1']],
    ['(avg(amount) over 1h) * 2 - 100 EUR > amount / 3 + 250 EUR', []],
    ['(avg(amount) over 1h) * 3 > amount + 99.99 EUR and amount < 300 EUR', ['t0', 't1']],
    ['-1 * (count() over 1h) <= -3', ['t2']],
    ['0 - (count() over 1h) == -2', ['t1']],
    ['(sum(amount) over 1h) / (max(amount) over 1h) == 1.5', ['t1']],
    ['coalesce(1 / (count(where outgoing) over 1h), 7) == 7', ['t0', 't1', 't2']],
    ['900000000000.00 EUR * (count() over 1h) * 1000000 >= 900000000000.00 EUR * 2000000', ['t1', 't2']],
    ['(count() over 1h) * 999999999999999 * 100 == 999999999999999 * 200', ['t1']],
    ['999999999999999 * 999999999999999 == 999999999999999 * 999999999999999 + 1', []],
    ['999999999999999 * 999999999999999 < 999999999999999 * 999999999999999 + 1', ['t0', 't1', 't2']],
    ['sum(amount * 0.001) over 1h == 0.3 EUR', ['t1']],
    ['sum(amount / 3) over 1h == 200 EUR', ['t2']],
    ['distinct(id) over 1h == 2', ['t1']],
    ['min(time) over 1h == time', ['t0']],
  ])('numbers are exact: %s', (when, hits) => {
    const rule = typology(`where: incoming\nwhen: ${when}`);
    const payments = [0, 1, 2].map((i) => ({ t: NOON + i, id: `t${i}`, way: 'P>M', eur: `${i + 1}00.00` }));
    for (const options of [{}, { generates: false }, { hotLegs: 0 }]) expect(new Desk([rule], options).hits(payments)).toEqual(hits);
  });
});

describe('guards', () => {
  const of = (lines: string): ReturnType<typeof guardOf> => guardOf(typology(lines));
  const kind = TEXT_SLOT.get('kind')!;

  test('ask for a kind where the typology does, and for the side', () => {
    expect(of('where: kind in [p2p, cheque]\nwhen: outgoing and channel == "atm"')).toEqual({
      field: { slot: kind, texts: ['p2p', 'cheque'] },
      sides: [SIDE.out],
    });
    expect(of('when: channel == "atm" and count() over 1h >= 1')).toMatchObject({ field: { texts: ['atm'] }, sides: [0, 1, 2, 3] });
  });

  test('ask for nothing that need not be so', () => {
    expect(of('when: kind == "p2p" or incoming')).toEqual({ field: null, sides: [0, 1, 2, 3] });
    expect(of('when: kind != "p2p" and not incoming and kind not in [cheque]')).toEqual({ field: null, sides: [0, 1, 2, 3] });
    expect(of('when: counterparty.account == "x"').field).toBeNull();
  });
});
