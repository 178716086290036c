import type { RejectionCode } from './codes.ts';
import { LIMITS, withinCharacters } from './limits.ts';
import { type LeafPlan, type ObjectPlan, RECORD_PLAN } from './plan.ts';
import type { LeafSpans } from './spans.ts';

type JsonObject = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Takes a JSON value apart into its leaves: types and required fields are checked here, what the values mean is not.
 * A number becomes its decimal text, a list of items its normal form.
 */
export class RecordReader {
  private readonly spans: LeafSpans;
  /** Where the record was refused. */
  failedPath = '';

  constructor(spans: LeafSpans) {
    this.spans = spans;
  }

  /** Fills the spans; or answers why the record is refused, with its place in `failedPath`. */
  read(value: unknown): RejectionCode | null {
    this.spans.begin();
    this.spans.record.length = 0;
    this.failedPath = '';
    return isObject(value) ? this.readObject(value, RECORD_PLAN) : 'not-an-object';
  }

  private put(rank: number, text: string): void {
    const { record, start, end } = this.spans;
    start[rank] = record.length;
    if (record.add(text) !== text.length) this.spans.ascii = false;
    end[rank] = record.length;
  }

  private readObject(object: JsonObject, plan: ObjectPlan): RejectionCode | null {
    let known = 0;
    for (const leaf of plan.leaves) {
      const value = object[leaf.key];
      if (value === undefined) {
        if (leaf.required) return this.fail('missing-field', leaf.path);
        continue;
      }
      known++;
      const code = this.readLeaf(value, leaf);
      if (code !== null) return this.fail(code, leaf.path);
    }
    for (const child of plan.objects) {
      const value = object[child.key];
      if (value === undefined) {
        if (child.required) return this.fail('missing-field', child.path);
        continue;
      }
      known++;
      if (!isObject(value)) return this.fail('wrong-type', child.path);
      const code = this.readObject(value, child);
      if (code !== null) return code;
    }
    this.spans.unknownFields += Object.keys(object).length - known;
    return null;
  }

  private fail(code: RejectionCode, path: string): RejectionCode {
    if (this.failedPath === '') this.failedPath = path;
    return code;
  }

  private readLeaf(value: unknown, leaf: LeafPlan): RejectionCode | null {
    switch (leaf.role) {
      case 'count':
        return this.readCount(value, leaf);
      case 'flag':
        if (typeof value !== 'boolean') return 'wrong-type';
        this.put(leaf.rank, value ? 'true' : 'false');
        return null;
      case 'items':
        return this.readItems(value, leaf);
      default:
        return this.readText(value, leaf);
    }
  }

  private readText(value: unknown, leaf: LeafPlan): RejectionCode | null {
    if (typeof value !== 'string') return leaf.role === 'value' && typeof value === 'number' ? 'amount-is-number' : 'wrong-type';
    this.put(leaf.rank, value);
    return null;
  }

  private readCount(value: unknown, leaf: LeafPlan): RejectionCode | null {
    if (typeof value !== 'number') return 'wrong-type';
    if (!Number.isInteger(value) || value < 0) return 'bad-number';
    this.put(leaf.rank, String(value));
    return null;
  }

  private readItems(value: unknown, leaf: LeafPlan): RejectionCode | null {
    if (!Array.isArray(value)) return 'wrong-type';
    if (value.length > LIMITS.itemsMax) return 'too-many-items';
    const parts: string[] = [];
    for (const [i, item] of value.entries()) {
      const fault = this.readItem(item, parts);
      if (fault === null) continue;
      this.fail(fault.code, `${leaf.path}.${i}${fault.key}`);
      return fault.code;
    }
    this.put(leaf.rank, `[${parts.join(',')}]`);
    return null;
  }

  /** Adds the normal form of one item: `text`, then `quantity` where it has one, as JSON without blanks. */
  private readItem(item: unknown, parts: string[]): { code: RejectionCode; key: string } | null {
    if (!isObject(item)) return { code: 'wrong-type', key: '' };
    const { text, quantity } = item;
    if (text === undefined) return { code: 'missing-field', key: '.text' };
    if (typeof text !== 'string') return { code: 'wrong-type', key: '.text' };
    if (!withinCharacters(text, 0, LIMITS.textCharactersMax)) return { code: 'too-long', key: '.text' };
    if (quantity !== undefined && typeof quantity !== 'number') return { code: 'wrong-type', key: '.quantity' };
    if (quantity !== undefined && !(quantity >= 0 && quantity <= LIMITS.quantityMax)) return { code: 'bad-number', key: '.quantity' };
    this.spans.unknownFields += Object.keys(item).length - (quantity === undefined ? 1 : 2);
    parts.push(JSON.stringify(quantity === undefined ? { text } : { text, quantity }));
    return null;
  }
}
