import { NUMBER_SLOT, TEXT_SLOT } from '../../../src/transactions/fields.ts';
import { children, conjuncts, descendants, fieldsRead } from '../../../src/typologies/walk.ts';
import { compiled, compileText, readFixture } from './fixtures.ts';

const reads = (when: string, keys = '', subject = 'account'): string[] => fieldsRead(compiled(when, keys, subject));

test.each([
  ['id == "x" and time - time < 1h and status == "settled"', 'device', ['device']],
  ['outgoing', 'account', ['creditor.account', 'debtor.account']],
  ['outgoing', '[party, channel]', ['channel', 'creditor.party', 'debtor.party']],
  ['amount > 5 EUR', 'device', ['amount.currency', 'device']],
  ['amount.original > 5 EUR', 'device', ['amount.currency', 'device']],
  [
    'holder.accountAge > 1d and counterparty.town == "x"',
    'debtor.account',
    ['creditor.accountOpened', 'creditor.town', 'debtor.account', 'debtor.accountOpened', 'debtor.town'],
  ],
  ['debtor.accountAge > 1d', 'device', ['debtor.accountOpened', 'device']],
  ['any(items, text == merchant.name)', 'device', ['device', 'items', 'merchant.name']],
  ['exists(items)', 'device', ['device', 'items']],
  ['passed_through() over 1d > 3 EUR', 'account', ['amount.currency', 'creditor.account', 'debtor.account']],
  ['count(where anchor.ip == ip) over 1d > travel.passengers', 'device', ['device', 'ip', 'travel.passengers']],
])('%s by %s reads %j', (when, subject, wanted) => {
  expect(reads(when, '', subject)).toEqual(wanted);
});

test('every expression of the file is looked into', () => {
  const keys = `where: exists(ip)
let: { l: distinct(purpose) over 1d }
score: { base: 1, alert_at: 1, add: [{ points: 1, when: exists(uetr), because: b }] }
unless: [{ when: exists(endToEndId), because: b }]
`;
  expect(reads('l > 1 and exists(wallet.from)', keys, 'device')).toEqual(['device', 'endToEndId', 'ip', 'purpose', 'uetr', 'wallet.from']);
});

test('only paths with a slot are named', () => {
  const { typology } = compileText(readFixture('every-operator.good.yaml'));
  const paths = fieldsRead(typology!);
  expect(paths.length).toBeGreaterThan(10);
  for (const path of paths) expect(TEXT_SLOT.has(path) || NUMBER_SLOT.has(path)).toBe(true);
});

test('parts are in the order of the text', () => {
  const { when } = compiled('(kind == "p2p" and exists(ip)) and (channel in [atm] or not (1 + 2 > coalesce(travel.passengers, 3)))');
  expect(conjuncts(when).map((e) => e.kind)).toEqual(['compare', 'exists', 'or']);
  expect([...descendants(when)].map((e) => e.kind).join(' ')).toBe(
    'and and compare field text exists field or in field list not compare arithmetic number number coalesce field number',
  );
  expect(children(when)).toHaveLength(2);
});
