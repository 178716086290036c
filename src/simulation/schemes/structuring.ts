import type { Payment } from '../payments.ts';
import type { Scheme } from './scene.ts';

/**
 * A fee is sent in parts that stay below the limit at which a wire is recorded (FinCEN FIN-2014-A008: below USD 3,000, from several places, to one
 * beneficiary in a border town). The number of parts is the least that the fee allows; their size follows from it.
 * Variants: the parts within days of each other; over weeks; in smaller parts than need be.
 */
export const structuredWires: Scheme = (scene) => {
  const { random } = scene;
  const variant = random.pick(['plain', 'plain', 'slow', 'cautious']);
  const hub = scene.hub('US');
  const senders = scene.people(scene.figure('structuredSenders'), 'US');
  if (senders.length < 2) return null;
  const limit = scene.figure('wireLimitUsd');
  const beneficiary = scene.population.maker.remittanceCustomer({ town: hub.town, country: hub.country });
  const length = variant === 'slow' ? 40 : random.between(3, 8);
  const first = scene.firstDay(length + 2);
  const payments: Payment[] = senders.flatMap((sender) => {
    const fee = scene.fee(random.pick(['T24', 'T25']), 100);
    const parts = scene.parts(fee, Math.ceil(fee / (variant === 'cautious' ? limit / 2 : limit - 20)), 2).map((usd) => Math.min(usd, limit - 10));
    // Most people go to the outlet round the corner each time.
    const outlets = Array.from({ length: random.chance(0.7) ? 1 : 2 }, () => scene.population.maker.remittanceCustomer(sender.account, sender.account));
    return parts.map((usd) => {
      const outlet = random.pick(outlets);
      const timeMs = scene.at(first + random.below(length), sender.country, 9, 20);
      return scene.transfer(timeMs, outlet, beneficiary, usd, {
        kind: 'remittance',
        channel: 'agent',
        place: sender.account,
        text: random.pick(['family', 'help', 'loan']),
      });
    });
  });
  return scene.plan('structured-wires', variant, ['sub-threshold-structuring'], [beneficiary.account], payments);
};

/**
 * Third parties pay cash into one account, each deposit below the reporting limit (FIN-2014-A008; AUSTRAC: about 70 people, in several states).
 * Variants: one town, two branches; spread over the towns of a country.
 */
export const structuredCash: Scheme = (scene) => {
  const { random } = scene;
  const variant = random.pick(['one-town', 'spread']);
  const hub = scene.hub('US', 'DE', 'FR');
  const account = scene.population.maker.person(hub, 500);
  const total = scene.figure('funnelTotalUsd') * 2;
  const limitUsd = hub.country === 'US' ? scene.figure('cashLimitUsd') : Math.round((scene.figure('cashLimitUsd') * 100) / 92);
  const places = variant === 'spread' ? scene.otherTowns(hub.home, hub.town, 4) : [hub];
  const count = Math.ceil(total / (limitUsd * 0.97));
  const length = random.between(4, 12);
  const first = scene.firstDay(length + 3);
  const branches = [1, 2, 3].map(
    (n) => `,"agent":{"bic":"BRNCUS33","branch":"${hub.town.slice(0, 3).toUpperCase()}-2${n}","country":"${hub.country}","town":"${hub.town}"}}`,
  );
  const payments: Payment[] = scene.parts(total, count, 3).map((usd, i) => {
    const place = places[i % places.length]!;
    const more = variant === 'one-town' ? { toAgent: branches[i % branches.length]! } : {};
    return scene.cashIn(scene.at(first + random.below(length), hub.home, 9, 17), account, Math.min(usd, limitUsd - 12), place, more);
  });
  const kept = Math.round(total * 0.95);
  payments.push(scene.transfer(scene.at(first + length + 1, hub.home, 9, 17), account, scene.people(1, 'TR', 'US', 'GB')[0]!.account, kept));
  return scene.plan('structured-cash', variant, ['sub-threshold-structuring'], [account.account], payments);
};

/**
 * One sender goes to several branches on the same or on consecutive days, always to the same border town (FIN-2014-A008), as others took cash out at
 * three branches on one day (AUSTRAC). Variants: one day; consecutive days; one branch a week; relatives who take turns.
 */
export const severalBranches: Scheme = (scene) => {
  const { random } = scene;
  const variant = random.pick(['same-day', 'consecutive-days', 'weekly', 'relatives']);
  const to = scene.hub('TR', 'FR', 'US');
  const [sender, ...others] = scene.people(4, 'GB', 'DE', 'US');
  if (sender === undefined) return null;
  const visits = scene.figure('branchesInTwoDays');
  const beneficiaries = Array.from({ length: random.between(1, 3) }, () => scene.population.maker.remittanceCustomer({ town: to.town, country: to.country }));
  const relatives = variant === 'relatives' ? [sender, ...others] : [sender];
  const first = scene.firstDay(7 * visits);
  const payments: Payment[] = Array.from({ length: visits }, (_, i): Payment => {
    const who = relatives[i % relatives.length]!;
    const day = first + (variant === 'weekly' ? 7 * i : variant === 'consecutive-days' ? i % 2 : 0);
    const outlet = scene.population.maker.remittanceCustomer(who.account, who.account);
    const branch = `,"agent":{"bic":"SWPYGB2L","branch":"SP-${who.account.town.slice(0, 3).toUpperCase()}-${i + 1}","country":"${who.account.country}","town":"${who.account.town}"}}`;
    const usd = Math.min(Math.round(scene.fee('T09') * random.pick([0.5, 1])), scene.figure('wireLimitUsd') - 50);
    return scene.transfer(scene.at(day, who.country, 9, 19), outlet, random.pick(beneficiaries), usd, {
      kind: 'remittance',
      channel: 'agent',
      fromAgent: branch,
      place: who.account,
      text: 'family help',
    });
  });
  return scene.plan(
    'several-branches',
    variant,
    ['multi-branch-remittance'],
    relatives.slice(0, visits).map((who) => who.account.party),
    payments,
  );
};
