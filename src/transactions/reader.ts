import type { RejectionCode } from './codes.ts';
import { LIMITS, withinCharacters } from './limits.ts';
import { LEAVES, RECORD_PLAN, type LeafPlan, type ObjectPlan } from './plan.ts';

type JsonObject = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Takes a JSON value apart into the texts of its leaves: types, lengths and required fields are checked here, what the texts mean is not.
 * A number or boolean becomes its decimal text (1 or 0), a list of items its normal form.
 */
export class RecordReader {
  /** By rank of `LEAVES`; undefined where the record has no such field. */
  readonly texts: (string | undefined)[] = LEAVES.map(() => undefined);
  /** Number of names that the model does not know. */
  unknownFields = 0;
  /** Where the record was refused. */
  failedPath = '';

  /** Fills `texts`; or answers why the record is refused, with its place in `failedPath`. */
  read(value: unknown): RejectionCode | null {
    this.texts.fill(undefined);
    this.unknownFields = 0;
    this.failedPath = '';
    return isObject(value) ? this.readObject(value, RECORD_PLAN) : 'not-an-object';
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
    this.unknownFields += Object.keys(object).length - known;
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
        this.texts[leaf.rank] = value ? '1' : '0';
        return null;
      case 'items':
        return this.readItems(value, leaf);
      default:
        return this.readText(value, leaf);
    }
  }

  private readText(value: unknown, leaf: LeafPlan): RejectionCode | null {
    if (typeof value !== 'string') return leaf.role === 'value' && typeof value === 'number' ? 'amount-is-number' : 'wrong-type';
    this.texts[leaf.rank] = value;
    return textFault(value, leaf.charactersMin, leaf.charactersMax);
  }

  private readCount(value: unknown, leaf: LeafPlan): RejectionCode | null {
    if (typeof value !== 'number') return 'wrong-type';
    if (!Number.isInteger(value) || value < 0 || value > LIMITS.passengersMax) return 'bad-number';
    this.texts[leaf.rank] = String(value);
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
    this.texts[leaf.rank] = `[${parts.join(',')}]`;
    return null;
  }

  /** Adds the normal form of one item: `text`, then `quantity` where it has one, as JSON without blanks. */
  private readItem(item: unknown, parts: string[]): { code: RejectionCode; key: string } | null {
    if (!isObject(item)) return { code: 'wrong-type', key: '' };
    const { text, quantity } = item;
    if (text === undefined) return { code: 'missing-field', key: '.text' };
    if (typeof text !== 'string') return { code: 'wrong-type', key: '.text' };
    const fault = textFault(text, 0, LIMITS.textCharactersMax);
    if (fault !== null) return { code: fault, key: '.text' };
    if (quantity !== undefined && typeof quantity !== 'number') return { code: 'wrong-type', key: '.quantity' };
    if (quantity !== undefined && !(quantity >= 0 && quantity <= LIMITS.quantityMax)) return { code: 'bad-number', key: '.quantity' };
    this.unknownFields += Object.keys(item).length - (quantity === undefined ? 1 : 2);
    parts.push(JSON.stringify(quantity === undefined ? { text } : { text, quantity }));
    return null;
  }
}

function textFault(text: string, min: number, max: number): RejectionCode | null {
  if (text.length >= min && text.length <= max) return null;
  if (text.length < min) return 'empty-text';
  return withinCharacters(text, min, max) ? null : 'too-long';
}
