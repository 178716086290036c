import { basename } from 'node:path';
import { Findings } from '../findings.ts';
import { withoutMark } from '../parse/offsets.ts';
import { parseYaml } from '../parse/yaml.ts';
import type { Diagnostic } from '../ruleSet.ts';
import { LIST } from './keys.ts';

/** Reads one list file. Of a broken one, `values` is what could be read. */
export function readListFile(source: string, path: string, stem: string): { values: readonly string[]; diagnostics: Diagnostic[] } {
  const text = withoutMark(source);
  const findings = new Findings(path, text);
  const document = parseYaml(text, findings);
  const file = document === null ? undefined : LIST.read(document, 'The file', findings);
  if (file?.list !== undefined && file.list.value !== stem) findings.add('file-name', file.list.node.span, { file: basename(path), name: file.list.value });
  const values = new Set<string>();
  for (const { value, node } of file?.values ?? []) {
    if (values.has(value)) findings.add('list-duplicate', node.span, { name: value });
    values.add(value);
  }
  if (file?.values?.length === 0) findings.add('list-empty', file.at.get('values')!.span);
  return { values: Object.freeze([...values]), diagnostics: findings.diagnostics() };
}
