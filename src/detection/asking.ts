import type { AlertBook } from './alerts/book.ts';
import { judge, sceneAt } from './compile/judge.ts';
import { type Program, VERDICT_ERRORED } from './compile/program.ts';
import type { Cause, World } from './compile/scene.ts';
import { isSeen } from './compile/seen.ts';
import type { Notices } from './notices.ts';
import { FLAG, type Rows } from './rows.ts';
import type { Subject } from './subject.ts';

/** Asks the typologies of a subject at its anchors, and tells the book what they answered. */
export class Asking {
  private readonly world: World;
  private readonly rows: Rows;
  private readonly book: AlertBook;
  private readonly notices: Notices;

  constructor(world: World, book: AlertBook, notices: Notices) {
    this.world = world;
    this.rows = world.rows;
    this.book = book;
    this.notices = notices;
  }

  /** Asks at the leg at a position of the key's history. */
  askAt(subject: Subject, key: number, position: number): void {
    const ref = subject.histories.leg(key, position);
    const anchor = { subject, key, position, row: ref >>> 2, side: ref & 3 };
    for (const program of subject.programs) {
      const verdict = program.ask(anchor);
      if (verdict === VERDICT_ERRORED) this.tellErrored(program, subject, key, anchor.row, this.causesAt(program, anchor));
      if (Number.isFinite(verdict)) {
        this.rows.flags[anchor.row]! |= FLAG.hit;
        this.book.hit(program, subject, key, anchor.row, verdict);
      } else if ((this.rows.flags[anchor.row]! & FLAG.hit) !== 0) this.book.clear(program, key, anchor.row);
    }
  }

  /** Asks at every leg of the key with from <= t < to. */
  askBetween(subject: Subject, key: number, fromMs: number, toMs: number): void {
    const { histories } = subject;
    const end = histories.lowerBound(key, toMs);
    for (let p = histories.lowerBound(key, fromMs); p < end; p++) this.askAt(subject, key, p);
  }

  /** A leg that the key loses: nothing fires there any more. */
  clear(subject: Subject, key: number, row: number): void {
    if ((this.rows.flags[row]! & FLAG.hit) === 0) return;
    for (const program of subject.programs) this.book.clear(program, key, row);
  }

  /** An anchor on an overfull day, which is not kept, is errored for every typology that sees it (S15). */
  overfull(subject: Subject, key: number, row: number, side: number): void {
    const anchor = { subject, key, position: -1, row, side };
    for (const program of subject.programs) {
      if (isSeen(anchor, sceneAt(this.world, program.typology, anchor))) this.tellErrored(program, subject, key, row, new Set<Cause>(['overfull-day']));
    }
  }

  private causesAt(program: Program, anchor: Parameters<Program['ask']>[0]): ReadonlySet<Cause> {
    const scene = sceneAt(this.world, program.typology, anchor);
    judge(scene);
    return scene.causes;
  }

  private tellErrored(program: Program, subject: Subject, key: number, row: number, causes: ReadonlySet<Cause>): void {
    this.notices.tell(program.typology.id, subject.keys.texts(key), this.rows.t[row]!, causes);
  }
}
