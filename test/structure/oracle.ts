import { anatomyOf, codeUnder, reach, resolveIn, type Tree } from './tree.ts';

/** What the oracle may know of `src/`, as types alone: the syntax tree that it evaluates and the shape of what it answers. */
const SHARED_TYPES = ['src/typologies/ast.ts', 'src/detection/content.ts'];
const FOLDER = 'test/support/oracle';

/** Law L1: the oracle shares no code with the engine below the syntax tree, neither itself nor through what it imports. */
export function checkOracle(tree: Tree): string[] {
  const files = codeUnder(tree, FOLDER);
  if (files.length === 0) return [`There is no oracle under ${FOLDER}, so its independence was not checked.`];
  return [...new Set(files.flatMap((start) => sharedBy(tree, start)))];
}

function sharedBy(tree: Tree, start: string): string[] {
  const breaches: string[] = [];
  for (const [path, way] of reach(tree, start, (p) => !p.startsWith('src/'))) {
    if (path.startsWith('src/') || !tree.has(path)) continue;
    const through = way.length > 1 ? ` (through ${way.slice(1).join(' → ')})` : '';
    for (const { from, typeOnly } of anatomyOf(tree.get(path)!).imports) {
      const target = from === null ? null : resolveIn(path, from);
      if (target === null || !target.startsWith('src/')) continue;
      if (!SHARED_TYPES.includes(target)) breaches.push(`The oracle's ${start} imports ${target}${through}: it would agree with the engine's mistakes.`);
      else if (!typeOnly) breaches.push(`The oracle's ${start} imports code of ${target}${through}; only its types may be shared.`);
    }
  }
  return breaches;
}
