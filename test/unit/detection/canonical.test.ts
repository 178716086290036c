import { canonical } from '../../../src/detection/compile/canonical.ts';
import type { Expr, ParamSpec } from '../../../src/typologies/ast.ts';
import {
  accountAge,
  aggregate,
  amount,
  amountOriginal,
  and,
  anyItem,
  arithmetic,
  coalesce,
  compare,
  duration,
  exists,
  field,
  incoming,
  isIn,
  itemQuantity,
  itemText,
  list,
  money,
  negate,
  not,
  num,
  or,
  outgoing,
  param,
  sided,
  text,
  truth,
} from '../../support/worlds/expressions.ts';

const HOUR = 3_600_000;
const [device, ip, kind] = [field('device'), field('ip'), field('kind')];
const many: ParamSpec = { name: 'many', value: num(2), reason: 'more than one', basis: 'E' };

/** No two of them mean the same. */
const DIFFERENT: readonly Expr[] = [
  num(2),
  num(2, 3),
  num(3, 2),
  money(2, 'EUR'),
  duration(2),
  truth(true),
  truth(false),
  text('true'),
  list(['a', 'b']),
  list(['a']),
  device,
  ip,
  field('device', 'text', 'anchor'),
  sided('holder', 'account'),
  sided('counterparty', 'account'),
  sided('counterparty', 'party'),
  sided('counterparty', 'party', 'text', 'anchor'),
  accountAge('debtor'),
  accountAge('creditor'),
  accountAge('creditor', 'anchor'),
  incoming(),
  incoming('anchor'),
  outgoing(),
  amount(),
  amount('anchor'),
  amountOriginal(),
  itemText(),
  itemQuantity(),
  compare('==', device, ip),
  compare('!=', device, ip),
  compare('==', ip, device),
  compare('>=', amount(), money(2, 'EUR')),
  compare('>=', amount(), money(2, 'USD')),
  isIn(device, list(['a'])),
  isIn(device, list(['a']), true),
  isIn(ip, list(['a'])),
  and(exists(device), exists(ip)),
  or(exists(device), exists(ip)),
  and(exists(ip), exists(device)),
  arithmetic('+', num(2), num(3)),
  arithmetic('-', num(2), num(3)),
  arithmetic('-', num(3), num(2)),
  not(exists(device)),
  exists(device),
  negate(num(2)),
  coalesce(device, ip),
  coalesce(ip, device),
  coalesce(device, kind),
  coalesce(device, ip, kind),
  anyItem(compare('==', itemText(), text('a'))),
  anyItem(compare('==', itemText(), text('b'))),
  anyItem(compare('==', itemText(), text('a')), 'anchor'),
  aggregate('count', HOUR),
  aggregate('count', HOUR + 1),
  aggregate('count', HOUR, undefined, exists(device)),
  aggregate('count', HOUR, undefined, exists(ip)),
  aggregate('sum', HOUR, amount()),
  aggregate('avg', HOUR, amount()),
  aggregate('distinct', HOUR, device),
  aggregate('distinct', HOUR, ip),
  aggregate('passed_through', HOUR),
];

describe('an expression as text', () => {
  test('what means something else has another text', () => {
    const texts = DIFFERENT.map((e) => canonical(e, 'EUR', 'EUR'));
    expect(texts.filter((name, i) => texts.indexOf(name) < i)).toEqual([]);
  });

  test.each([
    ['a parameter is its value', param(many), num(2)],
    ['a list is its values, in any order, each once', list(['b', 'a', 'b'], 'named'), list(['a', 'b'])],
    [
      'a comparison without a currency is in the reporting one',
      compare('>=', amount(), amount('anchor')),
      { ...compare('>=', amount(), amount('anchor')), currency: 'EUR' },
    ],
  ])('%s', (_, a, b) => expect(canonical(a, 'USD', 'EUR')).toBe(canonical(b, 'USD', 'EUR')));

  test.each([
    ['an amount', amount()],
    ['what passes through', aggregate('passed_through', HOUR)],
    ['a sum', aggregate('sum', HOUR, amount())],
  ])('%s has the currency of the comparison around it', (_, e) => expect(canonical(e, 'USD', 'EUR')).not.toBe(canonical(e, 'EUR', 'EUR')));
});
