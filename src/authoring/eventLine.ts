import { parseDuration } from '../base/duration.ts';
import { CURRENCIES, minorDigits } from '../transactions/currencies.ts';
import { TEXT_SLOT } from '../transactions/fields.ts';
import { parseTime } from '../transactions/times.ts';
import type { Span } from '../typologies/ast.ts';
import { nearestName } from '../typologies/nearest.ts';
import type { TestFindings } from './testDiagnostics.ts';
import type { Word } from './words.ts';
import { unquoted, valueMeant } from './words.ts';

/** What a line says, before lines are put together. */
export interface EventLine {
  readonly span: Span;
  readonly time: { readonly atMs: number } | { readonly afterMs: number } | null;
  readonly every: { readonly eachMs: number; readonly times: number } | null;
  /** Null where the line gives back a payment and names nothing else. */
  readonly payment: { readonly payer: string; readonly payee: string; readonly value: string; readonly currency: string; readonly amountAt: Span } | null;
  readonly label: Word | null;
  readonly arrivesMs: number;
  readonly returns: Word | null;
  readonly fields: readonly { readonly path: Word; readonly value: string }[];
  /** One list of words for each exclamation mark, which is left out. */
  readonly expectations: readonly { readonly mark: Word; readonly words: readonly Word[] }[];
}

export const CASH = 'cash';
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
const REPEATS_MAX = 10_000;

/** Reads the words of one line; null where something is wrong, which is in the findings. */
export function readEventLine(words: readonly Word[], findings: TestFindings): EventLine | null {
  const reader = new LineReader(words, findings);
  return reader.read();
}

class LineReader {
  private readonly words: readonly Word[];
  private readonly findings: TestFindings;
  private at = 0;
  private sound = true;

  constructor(words: readonly Word[], findings: TestFindings) {
    this.words = words;
    this.findings = findings;
  }

  read(): EventLine | null {
    const span = { start: this.words[0]!.start, end: this.words.at(-1)!.end };
    const time = this.time();
    const every = this.every();
    const givesBack = this.peek() === 'returns';
    const payment = givesBack || !this.sound ? null : this.payment();
    const rest = this.rest();
    return this.sound ? { span, time, every, payment, ...rest } : null;
  }

  private time(): EventLine['time'] {
    const word = this.words[this.at]!;
    if (word.text === 'every') return null;
    this.at++;
    if (word.text.startsWith('+')) {
      const afterMs = parseDuration(word.text.slice(1));
      return afterMs === null ? this.fail('test-time', word, { found: word.text }) : { afterMs };
    }
    const [, minutes, seconds = ':00', offset] = TIME.exec(word.text) ?? [];
    const atMs = minutes === undefined ? Number.NaN : parseTime(`${minutes}${seconds}${offset}`);
    return Number.isNaN(atMs) ? this.fail('test-time', word, { found: word.text }, timeMeant(word.text, this.peek())) : { atMs };
  }

  private every(): EventLine['every'] {
    if (this.peek() !== 'every') return null;
    const word = this.words[this.at++]!;
    const each = this.words[this.at];
    const times = this.words[this.at + 1];
    const eachMs = each === undefined ? null : parseDuration(each.text);
    const count = Number(/^x([1-9]\d{0,4})$/.exec(times?.text ?? '')?.[1] ?? Number.NaN);
    if (eachMs === null || !(count <= REPEATS_MAX))
      return this.fail('test-every', { start: word.start, end: (times ?? each ?? word).end }, { found: [each?.text, times?.text].join(' ').trim() });
    this.at += 2;
    return { eachMs, times: count };
  }

  private payment(): EventLine['payment'] {
    const [payer, arrow, payee, value, currency] = this.words.slice(this.at, this.at + 5);
    const first = payer ?? this.words.at(-1)!;
    if (payer === undefined || arrow?.text !== '->' || payee === undefined) {
      return this.fail(
        'test-parties',
        first,
        {
          found: [payer?.text, arrow?.text, payee?.text].filter((t) => t !== undefined).join(' ') || 'the end of the line',
        },
        partiesMeant(payer, arrow, payee),
      );
    }
    if (payer.text === CASH && payee.text === CASH) return this.fail('test-cash', { start: payer.start, end: payee.end });
    if (value === undefined || !/^\d+(?:\.\d+)?$/.test(value.text))
      return this.fail('test-amount', value ?? payee, { found: said(value) }, amountMeant(value, currency));
    if (currency === undefined || minorDigits(currency.text) === undefined)
      return this.fail('test-currency', currency ?? value, { found: said(currency) }, nearestName(currency?.text.toUpperCase() ?? '', CURRENCIES));
    for (const side of [payer, payee]) {
      if (side.text !== CASH && side.text.toLowerCase() === CASH) return this.fail('test-parties', side, { found: side.text }, CASH);
    }
    this.at += 5;
    return {
      payer: unquoted(payer.text),
      payee: unquoted(payee.text),
      value: value.text,
      currency: currency.text,
      amountAt: { start: value.start, end: currency.end },
    };
  }

  private rest(): Pick<EventLine, 'label' | 'arrivesMs' | 'returns' | 'fields' | 'expectations'> {
    let label: Word | null = null;
    let returns: Word | null = null;
    let arrivesMs = 0;
    const fields: { path: Word; value: string }[] = [];
    const met = new Set<string>();
    const expectations: { mark: Word; words: Word[] }[] = [];
    while (this.sound && this.at < this.words.length) {
      const word = this.words[this.at++]!;
      const equals = word.text.indexOf('=');
      const last = expectations.at(-1);
      if (word.text === '!') expectations.push({ mark: word, words: [] });
      else if (last !== undefined) last.words.push(word);
      else if (/^#[\w-]+$/.test(word.text) && label === null) label = { ...word, text: word.text.slice(1) };
      else if (met.has(word.text)) this.fail('test-twice', word, { found: word.text });
      else if (word.text === 'arrives') arrivesMs = this.arrives() ?? 0;
      else if (word.text === 'returns') returns = this.labelNamed();
      else if (equals > 0) {
        const path = { text: word.text.slice(0, equals), start: word.start, end: word.start + equals };
        if (fields.some((f) => f.path.text === path.text)) this.fail('test-twice', path, { found: path.text });
        fields.push({ path, value: unquoted(word.text.slice(equals + 1)) });
      } else this.fail('test-word', word, { found: word.text }, wordMeant(word, this.words[this.at - 2], this.words[this.at], this.words[this.at + 1]));
      if (word.text === 'arrives' || word.text === 'returns') met.add(word.text);
    }
    return { label, arrivesMs, returns, fields, expectations };
  }

  private arrives(): number | null {
    const word = this.words[this.at++];
    const ms = word?.text.startsWith('+') ? parseDuration(word.text.slice(1)) : null;
    return ms ?? this.fail('test-arrives', word ?? this.words.at(-1)!, { found: word?.text ?? 'nothing' });
  }

  private labelNamed(): Word | null {
    const word = this.words[this.at++];
    if (word !== undefined && /^#[\w-]+$/.test(word.text)) return { ...word, text: word.text.slice(1) };
    return this.fail('test-returns', word ?? this.words.at(-1)!, { found: said(word) });
  }

  private peek(): string | undefined {
    return this.words[this.at]?.text;
  }

  private fail(code: Parameters<TestFindings['add']>[0], span: Span, details: Readonly<Record<string, string>> = {}, nearest?: string): null {
    this.findings.add(code, span, details, nearest);
    this.sound = false;
    return null;
  }
}

/** What stands at a place, which ends where the expectation or a label begins. */
const said = (word: Word | undefined): string => (word === undefined || /^[!#]/.test(word.text) ? 'Nothing' : word.text);

/** A time without its zone, or in two words. */
function timeMeant(found: string, next: string | undefined): string | undefined {
  return [`${found}Z`, `${found}T${next}`, `${found}T${next}Z`].find((text) => TIME.test(text));
}

/** `A->B` and arrows of other kinds. */
function partiesMeant(payer: Word | undefined, arrow: Word | undefined, payee: Word | undefined): string | undefined {
  const joined = /^([^-=→>]+)(?:->|=>|→)([^-=→>]+)$/.exec(payer?.text ?? '');
  if (joined !== null) return `${joined[1]} -> ${joined[2]}`;
  return payee !== undefined && /^(?:=>|→|-->|>|to)$/.test(arrow?.text ?? '') ? `${payer!.text} -> ${payee.text}` : undefined;
}

/** `950EUR`, `EUR 950` and `1,000 EUR` as they are to be written. */
function amountMeant(value: Word | undefined, currency: Word | undefined): string | undefined {
  const [, digits, code] = /^([0-9]+(?:\.[0-9]+)?)([A-Z]{3})$/.exec(value?.text ?? '') ?? [];
  if (digits !== undefined && code !== undefined) return `${digits} ${code}`;
  if (minorDigits(value?.text ?? '') !== undefined && /^[0-9]+(?:\.[0-9]+)?$/.test(currency?.text ?? '')) return `${currency!.text} ${value!.text}`;
  const grouped = /^[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?$/.test(value?.text ?? '');
  return grouped && currency !== undefined ? `${value!.text.replaceAll(',', '')} ${currency.text}` : undefined;
}

/** `!quiet` lacks a blank, `kind p2p` its sign; a word after path=value was most likely part of the value. */
function wordMeant(word: Word, before: Word | undefined, next: Word | undefined, afterNext: Word | undefined): string | undefined {
  if (/^!./.test(word.text)) return `! ${word.text.slice(1)}`;
  const value = next?.text === '=' ? afterNext : next;
  if (TEXT_SLOT.has(word.text) && value !== undefined && !/^[!#=]/.test(value.text)) return `${word.text}=${value.text}`;
  return before === undefined ? undefined : valueMeant(before, word);
}
