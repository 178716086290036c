import type { Payment } from '../payments.ts';
import type { Scheme } from './scene.ts';

/** What looks guilty to a rule and is ordinary life: the price of a typology is measured on these. */

/** A rotating savings club: every member pays every month, one of them takes the pot. */
export const savingsClub: Scheme = (scene) => {
  const { random } = scene;
  const [host, ...members] = scene.people(random.between(8, 13), random.pick(['GB', 'DE', 'FR', 'US']));
  if (host === undefined || members.length < 4) return null;
  const usd = random.between(2, 8) * 50;
  const first = random.below(25);
  const payments: Payment[] = [];
  for (let month = 0; first + month * 30 < scene.days; month++) {
    const day = first + month * 30;
    for (const member of members)
      payments.push(scene.transfer(scene.at(day + random.below(4), member.country, 8, 22), member.account, host.account, usd, { text: 'club' }));
    const taker = members[month % members.length]!;
    payments.push(scene.transfer(scene.at(day + 5, host.country, 8, 22), host.account, taker.account, usd * members.length, { text: 'your turn' }));
  }
  return scene.decoy('savings-club', [host.account.account], payments);
};

/** Gifts for a wedding: many people of many towns within two weeks, once. */
export const weddingGifts: Scheme = (scene) => {
  const { random } = scene;
  const [couple, ...guests] = scene.people(random.between(30, 70), 'GB', 'DE', 'FR', 'US');
  if (couple === undefined) return null;
  const first = scene.firstDay(14);
  return scene.decoy(
    'wedding-gifts',
    [couple.account.account],
    guests.map((guest) => {
      const usd = random.chance(0.1) ? random.between(300, 800) : random.between(40, 200);
      return scene.transfer(scene.at(first + random.below(14), guest.country, 8, 23), guest.account, couple.account, usd, {
        kind: 'p2p',
        channel: 'mobile',
        text: 'all the best',
      });
    }),
  );
};

/** Somebody collects for victims of a flood, and pays it to a charity. */
export const charityAppeal: Scheme = (scene) => {
  const { random } = scene;
  const [host, ...donors] = scene.people(random.between(60, 110), 'GB', 'DE', 'FR', 'US');
  const charity = scene.population.towns[0]?.utilities[0];
  if (host === undefined || charity === undefined) return null;
  const first = scene.firstDay(24);
  let total = 0;
  const payments = donors.map((donor) => {
    const usd = random.between(10, 100);
    total += usd;
    return scene.transfer(scene.at(first + random.below(20), donor.country, 8, 23), donor.account, host.account, usd, {
      kind: 'p2p',
      channel: 'mobile',
      text: 'for the flood victims',
    });
  });
  payments.push(scene.transfer(scene.at(first + 21, host.country, 9, 20), host.account, charity, total, { purpose: 'CHAR', text: 'donations' }));
  return scene.decoy('charity-appeal', [host.account.account], payments);
};

/** One person books for a group: friends pay in within days, and nearly all of it goes to a travel agency at once. */
export const groupTravel: Scheme = (scene) => {
  const { random } = scene;
  const code = random.pick(['GB', 'DE', 'FR', 'US']);
  const [host, ...friends] = scene.people(random.between(8, 18), code);
  if (host === undefined || friends.length < 4) return null;
  const usd = random.between(30, 95) * 10;
  const first = scene.firstDay(12);
  const payments = friends.map((f) =>
    scene.transfer(scene.at(first + random.below(9), f.country, 8, 23), f.account, host.account, usd, { kind: 'p2p', channel: 'mobile', text: 'holiday' }),
  );
  const agency = host.town.shops[0]!.account;
  payments.push(scene.transfer(scene.at(first + 10, host.country, 9, 20), host.account, agency, usd * (friends.length + 1), { text: 'group booking' }));
  return scene.decoy('group-travel', [host.account.account], payments);
};

/** A private landlord with flats in several towns. */
export const landlord: Scheme = (scene) => {
  const { random } = scene;
  const [owner, ...tenants] = scene.people(random.between(6, 10), random.pick(['GB', 'DE', 'FR', 'US']));
  if (owner === undefined || tenants.length < 4) return null;
  const rents = tenants.map(() => random.between(60, 140) * 10);
  const payments: Payment[] = [];
  for (let day = 0; day < scene.days; day += 30) {
    tenants.forEach((tenant, i) => {
      const more = { text: 'rent', ...(random.chance(0.5) ? { purpose: 'RENT' } : {}) };
      payments.push(scene.transfer(scene.at(day + random.below(4), tenant.country, 6, 20), tenant.account, owner.account, rents[i]!, more));
    });
  }
  return scene.decoy('landlord', [owner.account.account], payments);
};

/** Somebody new in town: a new account, wages and help from two friends, out again for rent, a deposit and the family within a day. */
export const newcomer: Scheme = (scene) => {
  const { random } = scene;
  const [home, ...friends] = scene.people(5, random.pick(['GB', 'DE', 'FR', 'US']));
  if (home === undefined || friends.length < 4) return null;
  const account = scene.population.maker.person(home.account, random.between(5, 60));
  const first = scene.firstDay(62);
  const payments: Payment[] = [];
  for (const day of [first, first + 30, first + 60]) {
    const wage = random.between(1_600, 2_600);
    payments.push(scene.transfer(scene.at(day, home.country, 5, 8), home.employer, account, wage, { purpose: 'SALA', text: 'wages', channel: 'api' }));
    for (const f of friends.slice(0, 2))
      payments.push(
        scene.transfer(scene.at(day, home.country, 8, 12), f.account, account, random.between(5, 30) * 10, { kind: 'p2p', channel: 'mobile', text: 'help' }),
      );
    payments.push(scene.transfer(scene.at(day, home.country, 13, 20), account, home.landlord, Math.round(wage * 0.5), { purpose: 'RENT', text: 'rent' }));
    payments.push(scene.transfer(scene.at(day, home.country, 20, 22), account, friends[2]!.account, Math.round(wage * 0.25), { text: 'paying you back' }));
    payments.push(scene.transfer(scene.at(day + 1, home.country, 9, 12), account, friends[3]!.account, Math.round(wage * 0.15), { text: 'for my family' }));
  }
  return scene.decoy('newcomer', [account.account], payments);
};

/** A trader of the weekly markets pays in what he took, town after town, and buys stock from it. */
export const marketTrader: Scheme = (scene) => {
  const { random } = scene;
  const [trader] = scene.people(1, random.pick(['GB', 'DE', 'FR', 'US']));
  if (trader === undefined) return null;
  const towns = scene.otherTowns(trader.country, trader.account.town, 4);
  const payments: Payment[] = [];
  for (let day = random.below(7); day < scene.days; day += 7) {
    towns.forEach((town, i) =>
      payments.push(scene.cashIn(scene.at(day + i, trader.country, 15, 18), trader.account, random.between(30, 120) * 10, town, { text: 'market' })),
    );
    payments.push(
      scene.transfer(scene.at(day + 5, trader.country, 9, 12), trader.account, random.pick(trader.town.shops).account, random.between(80, 160) * 10, {
        text: 'stock',
      }),
    );
  }
  return scene.decoy('market-trader', [trader.account.account], payments);
};

/** Somebody fell ill, or needs a new roof: relatives in several towns and countries send what they can within days, and it goes to a clinic or a builder. */
export const familyEmergency: Scheme = (scene) => {
  const { random } = scene;
  const [person, ...relatives] = scene.people(random.between(4, 9), 'GB', 'DE', 'FR', 'TR');
  if (person === undefined || relatives.length < 3) return null;
  const first = scene.firstDay(12);
  let total = 0;
  const payments = relatives.map((relative) => {
    const usd = random.between(3, 40) * 50;
    total += usd;
    return scene.transfer(scene.at(first + random.below(6), relative.country, 8, 23), relative.account, person.account, usd, {
      text: random.pick(['get well', 'family help', 'for the roof']),
    });
  });
  payments.push(
    scene.transfer(
      scene.at(first + 6 + random.below(5), person.country, 9, 17),
      person.account,
      random.pick(person.town.shops).account,
      Math.round(total * 0.9),
      { text: 'invoice' },
    ),
  );
  return scene.decoy('family-emergency', [person.account.account], payments);
};
