import type { DetectionEngine, EngineOptions, Outcome } from '../../../src/detection/api.ts';
import type { AlertChange, AlertContent } from '../../../src/detection/content.ts';
import { createEngine } from '../../../src/detection/engine.ts';
import { DEFAULT_SETTINGS, type DetectionSettings } from '../../../src/detection/settings.ts';
import { blankTransaction, createDecoder } from '../../../src/transactions/decoder.ts';
import { NO_RATES, parseRates } from '../../../src/transactions/rates.ts';
import { TextTable } from '../../../src/transactions/texts.ts';
import type { Typology } from '../../../src/typologies/ast.ts';
import { compileTypology } from '../../../src/typologies/compile.ts';

export const SECOND = 1000;
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** 2026-03-04T12:00:00Z, in the middle of a day, which is a period too. */
export const NOON = Date.UTC(2026, 2, 4, 12);

export interface Payment {
  /** Time in ms. */
  t: number;
  id?: string;
  source?: string;
  /** `A>B`: debtor and creditor, account and party both of that name; either side may be empty. */
  way?: string;
  eur?: string;
  currency?: string;
  kind?: string;
  status?: string;
  returnOf?: string;
  precision?: string;
  /** Receipt time; `t` unless given. */
  r?: number;
  partition?: number;
  /** Further fields of the record. */
  more?: Record<string, unknown>;
}

export interface DeskOptions extends Pick<EngineOptions, 'generates' | 'hotLegs' | 'keepsUnseen'> {
  readonly settings?: Partial<DetectionSettings>;
  readonly rates?: string;
}

/** An engine with a decoder before it, and what stands in the queue behind it. */
export class Desk {
  readonly engine: DetectionEngine;
  readonly texts = new TextTable();
  readonly said: AlertChange[] = [];
  /** Contents by alert id. */
  readonly queue = new Map<string, AlertContent>();
  private readonly decoder = createDecoder({ texts: this.texts });
  private readonly transaction = blankTransaction();
  private offset = 0;

  constructor(typologies: readonly Typology[], { settings, rates, ...options }: DeskOptions = {}) {
    const table = rates === undefined ? NO_RATES : tableOf(rates);
    this.engine = createEngine({ typologies, settings: { ...DEFAULT_SETTINGS, ...settings }, texts: this.texts, rates: table, ...options });
  }

  take(payment: Payment): Outcome {
    const offset = this.offset++;
    const rejection = this.decoder.decode(Buffer.from(JSON.stringify(recordOf(payment, offset))), this.transaction);
    if (rejection !== null) throw new Error(`${rejection.code} ${rejection.field}`);
    return this.engine.apply(this.transaction, { r: payment.r ?? payment.t, partition: payment.partition ?? 0, offset });
  }

  drain(options?: { deferLate?: boolean }): AlertChange[] {
    const changes = this.engine.drain(options);
    for (const { alertId, content } of changes) {
      if (content === null) this.queue.delete(alertId);
      else this.queue.set(alertId, content);
    }
    this.said.push(...changes);
    this.texts.sweep();
    return changes;
  }

  /** Takes the payments, says what is to be said, and answers what stands, in order of period, typology and key. */
  alerts(payments: readonly Payment[]): AlertContent[] {
    for (const payment of payments) this.take(payment);
    this.drain();
    const name = (c: AlertContent): string => `${c.period.from} ${c.typology.id} ${String(c.subject.key)}`;
    return [...this.queue.values()].sort((a, b) => (name(a) < name(b) ? -1 : 1));
  }

  /** The identifiers of the hits of everything that stands, in order. */
  hits(payments: readonly Payment[]): string[] {
    return this.alerts(payments).flatMap((alert) => alert.hits.map((hit) => hit.id));
  }
}

function recordOf({ t, id, source, way = 'A>B', eur = '100.00', currency = 'EUR', kind, status, returnOf, precision, more }: Payment, offset: number): object {
  const [from = '', to = ''] = way.split('>');
  const party = (name: string): object => (name === '' ? {} : { account: name, party: `p-${name}` });
  return {
    schema: 'transaction/1',
    source: source ?? 'bank',
    id: id ?? `t${offset}`,
    time: new Date(t).toISOString(),
    kind: kind ?? 'credit-transfer',
    amount: { value: eur, currency },
    ...(from === '' ? {} : { debtor: party(from) }),
    ...(to === '' ? {} : { creditor: party(to) }),
    ...(status === undefined ? {} : { status }),
    ...(precision === undefined ? {} : { precision }),
    ...(returnOf === undefined ? {} : { returnOf: { source: source ?? 'bank', id: returnOf } }),
    ...more,
  };
}

function tableOf(csv: string): EngineOptions['rates'] {
  const parsed = parseRates(csv);
  if ('problems' in parsed) throw new Error(parsed.problems.map((p) => p.message).join('\n'));
  return parsed.table;
}

/** A typology from the lines that a test is about; `subject` account, a period of a day and a title of its own unless these say otherwise. */
export function typology(lines: string, id = 'a-typology'): Typology {
  const parts = [
    `typology: ${id}`,
    'version: 1.0.0',
    'title: A typology of the tests',
    'phase: layering',
    'status: active',
    'severity: medium',
    "sources: [{ document: 'a document', grade: A }]",
    'limits: [nothing]',
    ...(/^subject:/m.test(lines) ? [] : ['subject: account']),
    lines,
    ...(/^alert:/m.test(lines) ? [] : ['alert: { title: "{subject}", period: 24h, route: standard, next: [look] }']),
    ...(/^on_return:/m.test(lines) ? [] : ['on_return: exclude']),
    '',
  ];
  const { typology: compiled, diagnostics } = compileTypology(parts.join('\n'), `${id}.yaml`, { lists: new Map([['hubs', ['C', 'D']]]) });
  if (compiled === null) throw new Error(diagnostics.map((d) => `${d.line}:${d.column} ${d.message}`).join('\n'));
  return compiled;
}
