/** Every so many records one belongs to a collector whose third such payment within a week makes an alert of `sub-threshold-structuring`. */
const ALERTING_EVERY = 200;
const ACCOUNTS = 100_000;

/** One transaction of some 700 bytes, sent now: mostly people who pay each other small sums. */
export function latencyLine(n: number, nowMs: number): string {
  const alerting = n % ALERTING_EVERY === 0;
  const payer = (n * 7919) % ACCOUNTS;
  const payee = alerting ? `C-${Math.floor(n / ALERTING_EVERY / 3)}` : `A-${(n * 104_729) % ACCOUNTS}`;
  const value = alerting ? '2900.00' : `${10 + (n % 90)}.00`;
  return JSON.stringify({
    schema: 'transaction/1',
    source: `bank-${n % 4}`,
    id: `latency-${n}`,
    time: new Date(nowMs).toISOString(),
    kind: alerting ? 'remittance' : 'p2p',
    channel: alerting ? 'agent' : 'mobile',
    amount: { value, currency: alerting ? 'USD' : 'EUR' },
    debtor: side(`A-${payer}`, payer),
    creditor: side(payee, n),
    endToEndId: `E2E-${n}`,
    remittanceInformation: 'thanks for the evening',
  });
}

function side(account: string, n: number): object {
  const town = `Town ${n % 50}`;
  return {
    account,
    party: `P-${account}`,
    name: 'A. Example',
    type: 'person',
    country: 'DE',
    town,
    agent: { bic: 'DEUTDEFF', branch: `B-${n % 300}`, country: 'DE', town },
  };
}
