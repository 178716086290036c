/** Where one partition of the input stands. */
export interface Mark {
  /** Next offset to be read: the frontier (S20). */
  next: number;
  /** Where the log began at the first start: a log that begins later now has lost something. */
  readonly first: number;
  /** Greatest r of the records before the frontier, −∞ without one: tells a topic that was made anew, and progress survives a restart. */
  greatestMs: number;
}

export type Marks = Map<number, Mark>;

/**
 * The marks as the queue keeps them with the alerts: `topic/partition` is the next offset, `topic/partition:first` and `topic/partition:r` the rest.
 * The queue compares and stores them and reads nothing into them.
 */
export function frontierOf(marks: Marks, topic: string): Record<string, number> {
  const frontier: Record<string, number> = {};
  for (const partition of [...marks.keys()].sort((a, b) => a - b)) {
    const { next, first, greatestMs } = marks.get(partition)!;
    const key = `${topic}/${partition}`;
    frontier[key] = next;
    frontier[`${key}:first`] = first;
    if (greatestMs !== Number.NEGATIVE_INFINITY) frontier[`${key}:r`] = greatestMs;
  }
  return frontier;
}

/** The marks of one topic, from what the queue stored. */
export function marksOf(frontier: Readonly<Record<string, number>>, topic: string): Marks {
  const marks: Marks = new Map();
  for (const [key, next] of Object.entries(frontier)) {
    if (!key.startsWith(`${topic}/`)) continue;
    const partition = key.slice(topic.length + 1);
    if (!/^\d+$/.test(partition)) continue;
    marks.set(Number(partition), { next, first: frontier[`${key}:first`] ?? 0, greatestMs: frontier[`${key}:r`] ?? Number.NEGATIVE_INFINITY });
  }
  return marks;
}

export function sameFrontier(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
