import type { Span } from '../ast.ts';
import { parseExpression } from '../expressions/parser.ts';
import type { Syntax } from '../expressions/syntax.ts';
import { SyntaxFailure } from '../expressions/tokens.ts';
import type { Findings } from '../findings.ts';
import type { YamlScalar } from '../parse/nodes.ts';

/** Reads the expression that a scalar holds; null where its form is wrong, which is reported. */
export function parseScalar(node: YamlScalar, findings: Findings): Syntax | null {
  const place = (span: Span): Span => ({ start: node.offsets[span.start]!, end: node.offsets[span.end]! });
  try {
    return parseExpression(node.value, place);
  } catch (failure) {
    if (!(failure instanceof SyntaxFailure)) throw failure;
    findings.add(failure.code, failure.span, failure.details, failure.nearest);
    return null;
  }
}
