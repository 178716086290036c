import type { Account } from '../accounts.ts';
import type { Payment } from '../payments.ts';
import type { Scheme } from './scene.ts';

/**
 * A person lends an account: third parties pay in, and it leaves at once to people who have nothing to do with them (FINTRAC 2022).
 * Variants: an account just opened; an old one; most of it into crypto-assets; only a part moves on.
 */
export const mule: Scheme = (scene) => {
  const { random } = scene;
  const variant = random.pick(['new-account', 'new-account', 'old-account', 'crypto', 'partial']);
  const [home] = scene.people(1, 'GB', 'DE', 'FR', 'US');
  if (home === undefined) return null;
  const { country } = home;
  const account = scene.population.maker.person(home.account, variant === 'old-account' ? 1_500 : scene.figure('muleAccountAgeDays'));
  const waves = random.between(1, 3);
  const first = scene.firstDay(waves * 9);
  const payments: Payment[] = [];
  for (let wave = 0; wave < waves; wave++) {
    const day = first + wave * 9;
    const payers = scene.people(scene.figure('muleCredits'), country.code);
    let inflow = 0;
    let lastMs = 0;
    for (const payer of payers) {
      const usd = scene.fee('T09');
      const timeMs = scene.at(day, country, 8, 20);
      payments.push(
        random.chance(0.4)
          ? scene.cashIn(timeMs, account, usd, { town: payer.account.town, country: country.code })
          : scene.transfer(timeMs, payer.account, account, usd, { kind: 'p2p', channel: 'mobile', text: random.pick(['loan', 'car', 'thanks']) }),
      );
      inflow += usd;
      lastMs = Math.max(lastMs, timeMs);
    }
    const share = variant === 'partial' ? random.between(45, 65) : random.between(92, 98);
    const payees: Account[] = scene.people(random.between(3, 5), country.code, 'TR').map((p) => p.account);
    const hours = scene.figure('muleHours');
    scene.parts(Math.floor((inflow * share) / 100), payees.length, 15).forEach((usd, i) => {
      const more = variant === 'crypto' ? { kind: 'crypto-purchase', text: 'USDT' } : { text: random.pick(['invoice', 'thanks', 'gift']) };
      payments.push(scene.transfer(scene.hoursAfter(lastMs, 1, hours), account, payees[i]!, usd, more));
    });
  }
  return scene.plan('mule', variant, ['mule-pass-through'], [account.account], payments);
};

/**
 * Cash goes into one account in towns where its holder neither lives nor works, and is out again soon where it is needed (FIN-2014-A008, FIN-2020-A008).
 * Variants: cash out at the hub; by transfer abroad; slowly, over weeks.
 */
export const funnel: Scheme = (scene) => {
  const { random } = scene;
  const variant = random.pick(['cash-out', 'cash-out', 'abroad', 'slow']);
  const hub = scene.hub('US', 'US', 'FR');
  const account = scene.population.maker.person(hub, random.between(60, 1_200));
  const towns = scene.otherTowns(hub.home, hub.town, scene.figure('funnelTowns'));
  const total = scene.figure('funnelTotalUsd');
  const limit = scene.figure('cashLimitUsd');
  const count = Math.max(towns.length, Math.ceil(total / (limit * 0.9)));
  const length = variant === 'slow' ? 45 : random.between(3, 6);
  const first = scene.firstDay(length + 5);
  const [abroad] = scene.people(1, 'TR');
  if (towns.length === 0 || abroad === undefined) return null;
  const payments: Payment[] = [];
  scene.parts(total, count, 12).forEach((part, i) => {
    const usd = Math.min(part, limit - 100);
    const paidMs = scene.at(first + random.below(length), hub.home, 9, 17);
    payments.push(scene.cashIn(paidMs, account, usd, towns[i % towns.length]!));
    const outMs = scene.hoursAfter(paidMs, 3, 24 * scene.figure('funnelQuickDays'));
    const out = Math.round(usd * 0.95);
    payments.push(variant === 'abroad' ? scene.transfer(outMs, account, abroad.account, out) : scene.cashOut(outMs, account, out, hub));
  });
  return scene.plan('funnel', variant, ['geographic-funnel'], [account.account], payments);
};
