import { mix32 } from '../base/random.ts';
import { DAY_MS } from './moments.ts';
import type { Identity, Payment } from './payments.ts';

/** Four hexadecimal digits of every 16-bit number: writing hashes is a large part of writing a line. */
const HEX16 = Array.from({ length: 1 << 16 }, (_, i) => i.toString(16).padStart(4, '0'));
const TWO = Array.from({ length: 100 }, (_, i) => String(i).padStart(2, '0'));

/** Writes payments as `transaction/1`, some 700 to 900 bytes a line. */
export class LineWriter {
  private readonly seed: number;
  private dayStartMs = Number.NaN;
  private dayText = '';

  constructor(seed: number) {
    this.seed = mix32(seed);
  }

  /** One line without its end. `receivedAtMs` is not before the payment's own time. */
  write(payment: Payment, identity: Identity, receivedAtMs: number): string {
    const { from, to, place } = payment;
    const n = mix32(this.seed ^ hashOf(identity.id));
    const status = n % 4 === 0 ? 'settled' : 'accepted';
    let line = `{"schema":"transaction/1","source":"${identity.source}","id":"${identity.id}","time":"${this.time(payment.timeMs)}","kind":"${payment.kind}"`;
    line += `,"channel":"${payment.channel}","status":"${status}","amount":{"value":"${money(payment.amountMinor)}","currency":"${payment.currency}"}`;
    if (from !== null) line += `,"debtor":${from.source === identity.source ? from.own : from.other}${payment.fromAgent ?? from.agent}`;
    // A card payment names the shop, not the shop's bank.
    if (to !== null)
      line += `,"creditor":${to.source === identity.source ? to.own : to.other}${payment.mcc === undefined ? (payment.toAgent ?? to.agent) : '}'}`;
    if (payment.channel === 'mobile' || payment.channel === 'online') line += `,"device":"h:${(from ?? to)!.device}","ip":"h:${hex(mix32(n ^ 1))}"`;
    if (place !== undefined) line += `,"location":{"country":"${place.country}","town":"${place.town}"}`;
    if (payment.kind === 'credit-transfer' || payment.kind === 'remittance') line += `,"endToEndId":"E2E-${identity.id}","uetr":"${uuid(n)}"`;
    if (payment.purpose !== undefined) line += `,"purpose":"${payment.purpose}"`;
    if (payment.text !== undefined) line += `,"remittanceInformation":"${payment.text}"`;
    if (payment.mcc !== undefined) line += `,"merchant":{"mcc":"${payment.mcc}","name":"${to!.name}"}`;
    if (payment.returns !== undefined) line += `,"returnOf":{"source":"${payment.returns.source}","id":"${payment.returns.id}"}`;
    return `${line},"receivedAt":"${this.time(receivedAtMs)}"}`;
  }

  /** RFC 3339 in UTC; the day's part is kept, since most lines are of the same day. */
  private time(ms: number): string {
    const dayStartMs = ms - (ms % DAY_MS);
    if (dayStartMs !== this.dayStartMs) {
      this.dayStartMs = dayStartMs;
      this.dayText = new Date(dayStartMs).toISOString().slice(0, 11);
    }
    const seconds = Math.floor((ms - dayStartMs) / 1000);
    const minutes = Math.floor(seconds / 60);
    return `${this.dayText}${TWO[Math.floor(minutes / 60)]}:${TWO[minutes % 60]}:${TWO[seconds % 60]}.${String(1000 + (ms % 1000)).slice(1)}Z`;
  }
}

/** Decimal text of hundredths: all simulated currencies have two decimals. */
function money(minor: number): string {
  return `${Math.floor(minor / 100)}.${TWO[minor % 100]}`;
}

/** What is left open about a payment hangs on its identity, so that it is the same each time it is written. */
function hashOf(id: string): number {
  let hash = 0;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return hash;
}

function hex(value: number): string {
  return HEX16[value >>> 16]! + HEX16[value & 0xffff]!;
}

/** A UUID of version 4 and the usual variant. */
function uuid(n: number): string {
  const b = mix32(n + 0x1000001);
  const c = mix32(n + 0x2000003);
  const d = mix32(n + 0x3000005);
  return `${hex(n)}-${HEX16[b >>> 16]}-4${HEX16[b & 0xffff]!.slice(1)}-${HEX16[0x8000 | (c & 0x3fff)]}-${HEX16[c >>> 16]}${hex(d)}`;
}
