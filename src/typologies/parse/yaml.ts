import { Composer, type CST, type Document, isAlias, isMap, isScalar, isSeq, type ParsedNode, Parser, type Scalar } from 'yaml';
import type { Span } from '../ast.ts';
import type { Findings } from '../findings.ts';
import { inPlainWords, type Mistake, mistakes, openBracket, openText } from './mistakes.ts';
import type { YamlNode, YamlScalar } from './nodes.ts';
import { type ScalarStyle, scalarOffsets } from './offsets.ts';

/** Deeper nesting has no meaning in a rule file; the composer is recursive. */
const DEPTH_MAX = 32;
/** Scalars, lists and mappings of one file. */
const PARTS_MAX = 50_000;

/** Other tags the parser reports itself, at their own place. */
const KNOWN_TAGS: ReadonlySet<string> = new Set(['!', 'tag:yaml.org,2002:str', 'tag:yaml.org,2002:map', 'tag:yaml.org,2002:seq']);

const STYLES: ReadonlyMap<string, ScalarStyle> = new Map([
  ['PLAIN', 'plain'],
  ['QUOTE_SINGLE', 'single'],
  ['QUOTE_DOUBLE', 'double'],
  ['BLOCK_LITERAL', 'block'],
  ['BLOCK_FOLDED', 'block'],
]);

/**
 * Reads the plain part of YAML 1.2: mappings, lists and texts. No aliases, no tags, no directives, one document, keys once; depth and size are
 * bounded before anything recursive runs. Null where there is nothing to go on with; what is wrong is in `findings`.
 */
export function parseYaml(text: string, findings: Findings): YamlNode | null {
  const tokens = [...new Parser().parse(text)];
  if (!withinBounds(tokens, findings)) return null;
  const composer = new Composer({ schema: 'failsafe', keepSourceTokens: true, uniqueKeys: false, prettyErrors: false, strict: true });
  const documents = [...composer.compose(tokens, true, text.length)];
  const document = documents[0]!;
  for (const other of documents.slice(1)) findings.add('yaml-documents', { start: other.range![0], end: other.range![0] + 3 });
  for (const token of tokens) if (token.type === 'directive') findings.add('yaml-documents', { start: token.offset, end: token.offset + token.source.length });
  if (documents.length > 1 || findings.hasErrors) return null;
  if (!reportSyntax(document, openIn(tokens), text, findings)) return null;
  return convert(document.contents as ParsedNode | null, { start: 0, end: 0 }, text, findings);
}

function reportSyntax(document: Document.Parsed, open: Mistake | undefined, text: string, findings: Findings): boolean {
  for (const { pos, message } of document.warnings) {
    if (/^Unresolved tag/.test(message)) findings.add('yaml-tag', { start: pos[0], end: pos[1] });
    else findings.add('yaml-syntax', { start: pos[0], end: pos[1] }, inPlainWords(message));
  }
  const told = open !== undefined && document.errors.length > 0 ? [open] : mistakes(document.errors, text);
  const lineOf = (offset: number): number => text.lastIndexOf('\n', offset - 1);
  const tagged = new Set(document.warnings.filter((w) => /^Unresolved tag/.test(w.message)).map((w) => lineOf(w.pos[0])));
  // What stands behind a tag is not what the parser takes it for.
  for (const { span, ...words } of told) if (!tagged.has(lineOf(span.start))) findings.add('yaml-syntax', span, words);
  return document.errors.length === 0;
}

/** Counts parts and depth. */
function withinBounds(tokens: readonly CST.Token[], findings: Findings): boolean {
  let parts = 0;
  for (const { token, depth } of everyToken(tokens)) {
    const span = { start: token.offset, end: token.offset + 1 };
    if (++parts > PARTS_MAX) findings.add('yaml-long', span, { limit: String(PARTS_MAX) });
    else if (depth > DEPTH_MAX) findings.add('yaml-deep', span, { limit: String(DEPTH_MAX) });
    else continue;
    return false;
  }
  return true;
}

/** The first text in quotes, or else the innermost brackets, that lack their end. */
function openIn(tokens: readonly CST.Token[]): Mistake | undefined {
  let quoted: CST.FlowScalar | undefined;
  let brackets: CST.FlowCollection | undefined;
  for (const { token } of everyToken(tokens)) {
    if (token.type === 'single-quoted-scalar' || token.type === 'double-quoted-scalar') {
      const isOpen = token.source.length < 2 || !token.source.endsWith(token.source[0]!);
      if (isOpen && token.offset < (quoted?.offset ?? Number.POSITIVE_INFINITY)) quoted = token;
    } else if (token.type === 'flow-collection') {
      const isOpen = !token.end.some(({ type }) => type === 'flow-seq-end' || type === 'flow-map-end');
      if (isOpen && token.start.offset > (brackets?.start.offset ?? -1)) brackets = token;
    }
  }
  if (quoted !== undefined) return openText(quoted.source[0]!, { start: quoted.offset, end: quoted.offset + quoted.source.length });
  return brackets && openBracket(brackets.start.source, { start: brackets.start.offset, end: brackets.start.offset + 1 });
}

/** Without recursion: nothing has bounded the depth yet. */
function* everyToken(tokens: readonly CST.Token[]): Generator<{ readonly token: CST.Token; readonly depth: number }> {
  const rest: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    yield next;
    const { token, depth } = next;
    if (token.type === 'document' && token.value) rest.push({ token: token.value, depth });
    if (token.type !== 'block-map' && token.type !== 'block-seq' && token.type !== 'flow-collection') continue;
    for (const item of token.items) {
      if (item.key) rest.push({ token: item.key, depth: depth + 1 });
      if (item.value) rest.push({ token: item.value, depth: depth + 1 });
    }
  }
}

function convert(node: ParsedNode | null, place: Span, text: string, findings: Findings): YamlNode | null {
  if (node === null) return { kind: 'scalar', span: place, value: '', plain: true, offsets: [place.start] };
  const span: Span = { start: node.range[0], end: node.range[1] };
  if (isAlias(node)) {
    findings.add('yaml-alias', span);
    return { kind: 'broken', span };
  }
  if (node.anchor !== undefined) findings.add('yaml-alias', span);
  if (node.tag !== undefined && KNOWN_TAGS.has(node.tag)) findings.add('yaml-tag', span);
  // The tag took a part of what was meant as text: the rest means nothing.
  else if (node.tag !== undefined) return { kind: 'broken', span };
  if (isScalar(node)) return convertScalar(node, span, text);
  if (isSeq(node)) {
    const items = node.items.map((item) => convert(item as ParsedNode, span, text, findings));
    return { kind: 'list', span, items: items.filter((item) => item !== null) };
  }
  if (!isMap(node)) return null;
  const entries: { key: YamlScalar; value: YamlNode }[] = [];
  const names = new Set<string>();
  for (const pair of node.items) {
    const key = convert(pair.key as ParsedNode | null, span, text, findings);
    if (key?.kind !== 'scalar') {
      if (key !== null) findings.add('yaml-syntax', key.span, { reason: 'a key must be a text', fix: 'Write each key with a colon and a blank behind it' });
      continue;
    }
    if (names.has(key.value)) {
      findings.add('yaml-duplicate-key', key.span, { name: key.value });
      continue;
    }
    names.add(key.value);
    const value = convertValue(pair.value as ParsedNode | null, key.span, text, findings);
    if (value !== null) entries.push({ key, value });
  }
  return { kind: 'map', span, entries };
}

/** The value of a key. An empty one stands behind the colon, wherever the next thing is. */
function convertValue(node: ParsedNode | null, key: Span, text: string, findings: Findings): YamlNode | null {
  const isEmpty = node !== null && node.range[0] === node.range[1] && isScalar(node) && node.tag === undefined && node.anchor === undefined;
  const colon = /\s*:/y;
  colon.lastIndex = key.end;
  const start = colon.test(text) ? colon.lastIndex : key.end;
  const place = { start, end: start + 1 };
  return isEmpty ? { kind: 'scalar', span: place, value: '', plain: true, offsets: [place.start] } : convert(node, key, text, findings);
}

function convertScalar(node: Scalar.Parsed, span: Span, text: string): YamlScalar {
  const style = STYLES.get(node.type ?? 'PLAIN')!;
  const value = String(node.value ?? '');
  const token = node.srcToken;
  let from = span.start;
  let to = span.end;
  if (style === 'single' || style === 'double') {
    from++;
    to--;
  } else if (token?.type === 'block-scalar') {
    for (const prop of token.props) from += 'source' in prop ? prop.source.length : 0;
  }
  return { kind: 'scalar', span, value, plain: style === 'plain', offsets: scalarOffsets(value, text, from, to, style) };
}
