import type { Span, Typology } from '../typologies/ast.ts';
import { SEVERITIES } from '../typologies/ast.ts';
import { nearestName } from '../typologies/nearest.ts';
import type { TestFindings } from './testDiagnostics.ts';
import type { Expectation, FiresExpectation } from './testModel.ts';
import type { Word } from './words.ts';
import { commaParts, unquoted, valueMeant } from './words.ts';

const FIRES_KEYS = ['subject', 'score', 'severity', 'evidence'];

/** Reads what stands after an exclamation mark; null where something is wrong, which is in the findings. */
export function readExpectation(mark: Word, words: readonly Word[], anchor: number, typology: Typology, findings: TestFindings): Expectation | null {
  const [verdict, ...more] = words;
  const span = { start: mark.start, end: (words.at(-1) ?? mark).end };
  if (verdict?.text !== 'fires' && verdict?.text !== 'quiet') {
    findings.add('test-expectation', verdict ?? span, { found: verdict?.text ?? 'Nothing' }, nearestName(verdict?.text ?? '', ['fires', 'quiet']));
    return null;
  }
  const read = new Reader(typology, findings, verdict.text === 'fires');
  more.forEach((word, i) => read.word(word, more[i - 1]));
  if (!read.sound) return null;
  const base = {
    line: findings.lineOf(mark.start),
    span,
    text: words.map((w) => w.text).join(' '),
    anchor,
    ...(read.subject === undefined ? {} : { subject: read.subject }),
  };
  return verdict.text === 'quiet' ? { ...base, verdict: 'quiet' } : { ...base, verdict: 'fires', ...read.fires, values: read.values };
}

class Reader {
  subject: readonly string[] | undefined;
  readonly fires: { -readonly [K in keyof Omit<FiresExpectation, 'values'>]: FiresExpectation[K] } = {};
  readonly values = new Map<string, string>();
  sound = true;
  private readonly keys = new Set<string>();
  private readonly typology: Typology;
  private readonly findings: TestFindings;
  private readonly mayFire: boolean;

  constructor(typology: Typology, findings: TestFindings, mayFire: boolean) {
    this.typology = typology;
    this.findings = findings;
    this.mayFire = mayFire;
  }

  /** `before` is the word before it, of which one without a key may be the rest. */
  word(word: Word, before: Word | undefined): void {
    const equals = word.text.indexOf('=');
    // The rest of what was told already.
    if (equals < 0 && !this.sound) return;
    const key = equals < 0 ? word.text : word.text.slice(0, equals);
    const value = equals < 0 ? '' : word.text.slice(equals + 1);
    const known = key === 'subject' || (this.mayFire && (FIRES_KEYS.includes(key) || key.startsWith('values.')));
    if (equals < 0 || !known) {
      this.fail('test-expectation-key', word, { found: key }, this.keyMeant(key, equals < 0, word, before));
    } else if (this.keys.has(key)) this.fail('test-twice', word, { found: key });
    else this.read(word, key, value);
  }

  private read(word: Word, key: string, value: string): void {
    this.keys.add(key);
    if (key === 'subject') this.readSubject(word, value);
    else if (key === 'evidence') this.fires.evidence = commaParts(value).map((name) => name.replace(/^#/, ''));
    else if (key === 'score') this.readScore(word, value);
    else if (key === 'severity') this.readSeverity(word, value);
    else this.readValue(word, key.slice('values.'.length), unquoted(value));
  }

  private keyMeant(key: string, bare: boolean, word: Word, before: Word | undefined): string | undefined {
    const known = this.mayFire ? [...FIRES_KEYS, ...this.typology.lets.map((l) => `values.${l.name}`)] : ['subject'];
    if (bare && known.includes(key)) return `${key}=…`;
    if (this.mayFire && this.typology.lets.some((l) => l.name === key)) return `values.${key}`;
    return (bare && before !== undefined ? valueMeant(before, word) : undefined) ?? nearestName(key, known);
  }

  private readSubject(word: Word, value: string): void {
    const { paths } = this.typology.subject;
    const parts = paths.length === 1 ? [unquoted(value)] : commaParts(value);
    if (parts.length !== paths.length || parts.includes('')) {
      this.fail('test-expectation-value', word, {
        found: value,
        key: 'subject',
        expected: `${paths.length} text${paths.length === 1 ? '' : 's with a comma between'}`,
      });
    } else this.subject = parts;
  }

  private readScore(word: Word, value: string): void {
    if (/^\d{1,6}$/.test(value)) this.fires.score = Number(value);
    else this.fail('test-expectation-value', word, { found: value, key: 'score', expected: 'a whole number' });
  }

  private readSeverity(word: Word, value: string): void {
    const severity = SEVERITIES.find((s) => s === value);
    if (severity !== undefined) this.fires.severity = severity;
    else this.fail('test-expectation-value', word, { found: value, key: 'severity', expected: SEVERITIES.join(', ') }, nearestName(value, SEVERITIES));
  }

  private readValue(word: Word, name: string, value: string): void {
    const names = this.typology.lets.map((l) => l.name);
    if (names.includes(name)) this.values.set(name, value);
    else this.fail('test-expectation-let', word, { found: name, known: names.join(', ') || 'no let' }, nearestName(name, names));
  }

  private fail(code: Parameters<TestFindings['add']>[0], span: Span, details: Readonly<Record<string, string>>, nearest?: string): void {
    this.findings.add(code, span, details, nearest);
    this.sound = false;
  }
}
