import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatingError } from '../base/errors.ts';

/** A record that twice ended the process is skipped (S20). */
const DEATHS_MAX = 2;

interface Stored {
  /** Deaths by place. */
  readonly places: Record<string, number>;
  /** By partition, [from, to) of a batch in which the process ended, the record unknown. */
  readonly suspects: Record<string, readonly [number, number]>;
}

/**
 * What the dying process writes for the next one: at which record it ended. A kill or a lack of memory leaves nothing here, so it never counts.
 * Where only the batch is known, its records are suspects: the next process takes them one by one, and blames one.
 */
export class FaultFile {
  private readonly path: string;
  private readonly dir: string;
  private stored: Stored;

  constructor(dir: string, name = 'faults.json') {
    this.dir = dir;
    this.path = join(dir, name);
    this.stored = read(this.path);
  }

  /** Places of the records that are to be skipped. */
  get poisoned(): string[] {
    return Object.entries(this.stored.places)
      .filter(([, deaths]) => deaths >= DEATHS_MAX)
      .map(([place]) => place);
  }

  isSuspect(partition: number, offset: number): boolean {
    const range = this.stored.suspects[partition];
    return range !== undefined && offset >= range[0] && offset < range[1];
  }

  /** The process ends at this record. Among suspects it is the second time; else it is suspect from now on. Synchronous: nothing may come between. */
  blame(place: string, partition: number, offset: number): void {
    const isSecond = this.isSuspect(partition, offset);
    const deaths = (this.stored.places[place] ?? 0) + (isSecond ? DEATHS_MAX : 1);
    this.write({ places: { ...this.stored.places, [place]: deaths }, suspects: isSecond ? {} : { [partition]: [offset, offset + 1] } });
  }

  /** The process ends at one of these records. */
  suspect(ranges: ReadonlyMap<number, readonly [number, number]>): void {
    this.write({ ...this.stored, suspects: Object.fromEntries(ranges) });
  }

  /** What lies before these offsets, by partition, did no harm, or is skipped and stored with the frontier. Answers the places that were skipped. */
  passed(next: ReadonlyMap<number, number>): string[] {
    const isBehind = (place: string): boolean => {
      const [, partition, offset] = /\/(\d+)\/(\d+)$/.exec(place) ?? [];
      return offset !== undefined && Number(offset) < (next.get(Number(partition)) ?? 0);
    };
    const gone = this.poisoned.filter(isBehind);
    const places = Object.entries(this.stored.places).filter(([place]) => !isBehind(place));
    const suspects = Object.entries(this.stored.suspects).filter(([partition, [, to]]) => to > (next.get(Number(partition)) ?? 0));
    const isChanged = places.length < Object.keys(this.stored.places).length || suspects.length < Object.keys(this.stored.suspects).length;
    if (isChanged) this.write({ places: Object.fromEntries(places), suspects: Object.fromEntries(suspects) });
    return gone;
  }

  get isEmpty(): boolean {
    return Object.keys(this.stored.places).length === 0 && Object.keys(this.stored.suspects).length === 0;
  }

  private write(stored: Stored): void {
    this.stored = stored;
    try {
      mkdirSync(this.dir, { recursive: true });
      writeFileSync(`${this.path}.new`, JSON.stringify(stored));
      renameSync(`${this.path}.new`, this.path);
    } catch (cause) {
      throw new OperatingError('state-dir-unwritable', `${this.dir}: the state folder cannot be written`, { cause });
    }
  }
}

function read(path: string): Stored {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as Partial<Stored>;
    return { places: value.places ?? {}, suspects: value.suspects ?? {} };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { places: {}, suspects: {} };
    throw new OperatingError('state-dir-unreadable', `${path}: cannot be read; repair or delete it`, { cause });
  }
}
