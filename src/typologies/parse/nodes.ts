import type { Span } from '../ast.ts';

/** A YAML document as data with places, free of the vendor's types. Every scalar is text; what it means is for its key to say. */
export type YamlNode = YamlScalar | YamlMap | YamlList | YamlBroken;

export interface YamlScalar {
  readonly kind: 'scalar';
  readonly span: Span;
  readonly value: string;
  /** Without quotes and not a block: could stand for a number. */
  readonly plain: boolean;
  /** Offset in the file of each UTF-16 unit of `value`, and of its end. */
  readonly offsets: readonly number[];
}

export interface YamlMap {
  readonly kind: 'map';
  readonly span: Span;
  /** Without duplicates, in the file's order. */
  readonly entries: readonly { readonly key: YamlScalar; readonly value: YamlNode }[];
}

export interface YamlList {
  readonly kind: 'list';
  readonly span: Span;
  readonly items: readonly YamlNode[];
}

/** Something is here, and what is wrong with it has been reported. */
export interface YamlBroken {
  readonly kind: 'broken';
  readonly span: Span;
}
