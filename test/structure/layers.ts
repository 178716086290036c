import { anatomyOf, codeUnder, resolveIn, type Tree } from './tree.ts';

/** The layers of `src/`, lowest first. Folders of one layer do not know each other. */
const LAYERS = [
  ['base'],
  ['transactions'],
  ['typologies'],
  ['detection'],
  ['alerts'],
  ['pipeline'],
  ['authoring', 'simulation', 'api', 'console'],
  ['app'],
  ['cli'],
] as const;
const RANK = new Map<string, number>(LAYERS.flatMap((folders, rank) => folders.map((folder) => [folder, rank] as const)));
const ORDER = LAYERS.map((folders) => (folders.length === 1 ? folders[0] : `{${folders.join(' | ')}}`)).join(' ← ');

const folderOf = (path: string): string => path.split('/')[1] ?? '';

/** Imports go one way; a file outside the known folders has no place. */
export function checkDirection(tree: Tree): string[] {
  const breaches: string[] = [];
  const files = codeUnder(tree, 'src');
  if (files.length === 0) return ['There is no code under src/, so the import direction was not checked.'];
  for (const path of files) {
    const own = RANK.get(folderOf(path));
    if (own === undefined) {
      breaches.push(`${path} lies in no layer; src/ has the folders ${ORDER}.`);
      continue;
    }
    for (const { from } of anatomyOf(tree.get(path)!).imports) {
      if (from === null) breaches.push(`${path} imports something computed, so nobody can tell what it depends on.`);
      const target = from === null ? null : resolveIn(path, from);
      if (target === null || folderOf(target) === folderOf(path)) continue;
      if (!target.startsWith('src/')) breaches.push(`${path} imports ${target}, which is not part of what is shipped.`);
      else if ((RANK.get(folderOf(target)) ?? 99) >= own) breaches.push(`${path} imports ${target}, against the direction ${ORDER}.`);
    }
  }
  return breaches;
}

/** No file needs itself to be loaded. Types are left out: they are gone by then, and a tree and its parts name each other. */
export function checkCycles(tree: Tree): string[] {
  const state = new Map<string, 'open' | 'done'>();
  const trail: string[] = [];
  const breaches: string[] = [];
  const visit = (path: string): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      breaches.push(`These files import each other in a circle: ${[...trail.slice(trail.indexOf(path)), path].join(' → ')}.`);
      return;
    }
    state.set(path, 'open');
    trail.push(path);
    for (const { from, typeOnly } of anatomyOf(tree.get(path)!).imports) {
      const target = from === null || typeOnly ? null : resolveIn(path, from);
      if (target !== null && tree.has(target) && !target.endsWith('.json')) visit(target);
    }
    trail.pop();
    state.set(path, 'done');
  };
  for (const folder of ['src', 'test', 'scripts']) for (const path of codeUnder(tree, folder)) visit(path);
  return breaches;
}
