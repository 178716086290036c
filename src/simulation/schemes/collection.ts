import type { Account } from '../accounts.ts';
import type { Payment } from '../payments.ts';
import type { Scene, Scheme } from './scene.ts';

/**
 * Families of those who travel pay one account at a hub (Europol 2024, CTIF-CFI, FinCEN 2023 RF1 and RF5), and about half goes on to others (Koser 2008).
 * Variants: all at once before departure; a deposit and the balance; the same over six weeks; over two accounts.
 */
export const boatCollection: Scheme = (scene) => {
  const { random } = scene;
  const variant = random.pick(['plain', 'plain', 'deposit-balance', 'slow', 'two-accounts']);
  const hub = scene.hub('FR', 'DE');
  const payers = scene.people(scene.figure('familiesPayingOneAccount'), 'GB', 'DE', 'FR');
  if (payers.length < 4) return null;
  const collectors = Array.from({ length: variant === 'two-accounts' ? 2 : 1 }, () => collector(scene, hub));
  const unit = scene.fee('T01');
  const length = variant === 'slow' ? random.between(35, 45) : scene.figure('paidBeforeDepartureDays');
  const first = scene.firstDay(length + 14);
  const payments: Payment[] = [];
  const received = collectors.map(() => 0);
  payers.forEach((payer, i) => {
    const which = i % collectors.length;
    const to = collectors[which]!;
    const fee = unit * (random.chance(0.25) ? 2 : 1);
    const day = first + random.below(length);
    const pay = (onDay: number, usd: number): void => {
      const outlet = scene.population.maker.remittanceCustomer(payer.account, payer.account);
      const timeMs = scene.at(onDay, payer.country, 8, 22);
      payments.push(
        random.chance(0.3)
          ? scene.transfer(timeMs, outlet, to, usd, {
              kind: 'remittance',
              channel: 'agent',
              place: payer.account,
              text: random.pick(['family help', 'for the trip', 'loan']),
            })
          : scene.transfer(timeMs, payer.account, to, usd, { text: random.pick(['family help', 'thanks', 'car', 'loan', 'ok']) }),
      );
    };
    if (variant === 'deposit-balance') {
      const deposit = Math.round((fee * scene.figure('depositPercent')) / 100);
      pay(day, deposit);
      pay(day + random.between(3, 10), fee - deposit);
    } else pay(day, fee);
    received[which]! += fee;
  });
  collectors.forEach((account, i) => payments.push(...payOut(scene, account, received[i]!, first + length + 1)));
  return scene.plan(
    'small-boat-collection',
    variant,
    ['dispersed-fan-in'],
    collectors.map((c) => c.account),
    payments,
  );
};

function collector(scene: Scene, hub: { town: string; country: string }): Account {
  return scene.population.maker.person(hub, scene.random.chance(0.7) ? scene.figure('muleAccountAgeDays') : 900);
}

function payOut(scene: Scene, from: Account, total: number, day: number): Payment[] {
  const share = Math.round((total * scene.figure('passedOnPercent')) / 100);
  const payees = scene.people(scene.random.between(3, 5), 'FR', 'DE', 'TR');
  return scene.parts(share, payees.length, 30).map((usd, i) => {
    const payee = payees[i]!;
    return scene.transfer(scene.at(day + scene.random.below(3), payee.country, 9, 21), from, payee.account, usd, { text: 'invoice' });
  });
}

/**
 * FinCEN's Financial Trend Analysis: more than 500 small transfers between persons from more than 30 senders, some USD 68,000 from March to July,
 * moved to savings and taken out in cash below the reporting limit at several branches.
 */
export const smallTransfers: Scheme = (scene) => {
  const { random } = scene;
  const hub = scene.hub('US');
  const senders = scene.people(scene.figure('p2pSenders'), 'US');
  if (senders.length < 20) return null;
  const days = Math.min(scene.figure('p2pDays'), scene.days);
  const transfers = Math.round((scene.figure('p2pTransfers') * days) / 150);
  const total = Math.round((scene.figure('p2pTotalUsd') * days) / 150);
  const account = collector(scene, hub);
  const savings = scene.population.maker.second(account, 30);
  const first = scene.firstDay(days);
  const payments: Payment[] = scene.parts(total, transfers, 60).map((usd) => {
    const sender = random.pick(senders);
    const timeMs = scene.at(first + random.below(days), sender.country, 9, 23);
    return scene.transfer(timeMs, sender.account, account, usd, {
      kind: 'p2p',
      channel: 'mobile',
      amountMinor: Math.max(500, usd * 100),
      text: random.pick(['thanks', 'rent', 'food', 'trip']),
    });
  });
  for (let day = 7; day < days; day += 7) {
    const week = Math.round((total * 7) / days);
    payments.push(scene.transfer(scene.at(first + day, hub.home, 9, 20), account, savings, week));
    const places = [hub, ...scene.otherTowns(hub.home, hub.town, 2)];
    scene
      .parts(Math.round(week * 0.9), 2, 25)
      .forEach((usd, i) => payments.push(scene.cashOut(scene.at(first + day + 1, hub.home, 9, 18), savings, usd, places[i]!)));
  }
  return scene.plan('small-transfers-collection', 'plain', ['dispersed-fan-in'], [account.account, savings.account], payments);
};
