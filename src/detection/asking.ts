import type { AlertBook } from './alerts/book.ts';
import type { Evidence } from './alerts/evidence.ts';
import { judge, sceneAt } from './compile/judge.ts';
import type { Program } from './compile/program.ts';
import type { Cause, World } from './compile/scene.ts';
import { isSeen } from './compile/seen.ts';
import type { AnchorInHand } from './compile/unit.ts';
import { ERRORED } from './exact.ts';
import type { Notices } from './notices.ts';
import { FLAG, type Rows } from './rows.ts';
import type { Subject } from './subject.ts';

const OVERFULL: ReadonlySet<Cause> = new Set(['overfull-day']);

/** Asks the typologies of a subject at its anchors, and tells the book what they answered. */
export class Asking {
  private readonly world: World;
  private readonly rows: Rows;
  private readonly book: AlertBook;
  private readonly notices: Notices;
  private readonly anchor: AnchorInHand;
  /** By index of the program. */
  private readonly evidences: readonly Evidence[];

  constructor(world: World, book: AlertBook, notices: Notices, anchor: AnchorInHand, evidences: readonly Evidence[]) {
    this.world = world;
    this.rows = world.rows;
    this.book = book;
    this.notices = notices;
    this.anchor = anchor;
    this.evidences = evidences;
  }

  /** Asks at the leg at a position of the key's history. `staleMs`: from when on something changed since it was asked last, +∞ if it was not. */
  askAt(subject: Subject, key: number, position: number, staleMs: number): void {
    const { anchor } = this;
    const leg = subject.histories.leg(key, position);
    const row = leg >>> 2;
    anchor.subject = subject;
    anchor.key = key;
    anchor.position = position;
    anchor.row = row;
    anchor.side = leg & 3;
    anchor.isMoving = true;
    anchor.stamp++;
    const { dispatch } = subject;
    for (let g = 0; g < dispatch.groups; g++) {
      const programs = dispatch.group(g, row, leg & 3);
      for (let i = 0; i < programs.length; i++) this.ask(programs[i]!, subject, key, row, leg & 3, staleMs);
    }
  }

  /** Asks at every leg of the key with from <= t < to. */
  askBetween(subject: Subject, key: number, fromMs: number, toMs: number, staleMs: number): void {
    const { histories } = subject;
    const end = histories.lowerBound(key, toMs);
    for (let p = histories.lowerBound(key, fromMs); p < end; p++) this.askAt(subject, key, p, staleMs);
  }

  /** Asks for the first time at every leg of the key with from <= t < to, where what lies before was asked before. */
  askNext(subject: Subject, key: number, fromMs: number, toMs: number): void {
    const { histories } = subject;
    const end = histories.end(key);
    let p = histories.seek(key, fromMs);
    for (; p < end && histories.timeAt(key, p) < toMs; p++) this.askAt(subject, key, p, Number.POSITIVE_INFINITY);
    histories.sought(key, p);
  }

  /** A leg that the key loses: nothing fires there any more. */
  clear(subject: Subject, key: number, row: number): void {
    if (!this.rows.has(row, FLAG.hit)) return;
    for (const program of subject.programs) this.book.clear(program, key, row);
  }

  /** An anchor on an overfull day, which is not kept, is errored for every typology that sees it (S15). */
  overfull(subject: Subject, key: number, row: number, side: number): void {
    const anchor = { subject, key, position: -1, row, side };
    for (const program of subject.programs) {
      if (isSeen(anchor, sceneAt(this.world, program.typology, anchor))) this.tellErrored(program, subject, key, row, () => OVERFULL);
    }
  }

  private ask(program: Program, subject: Subject, key: number, row: number, side: number, staleMs: number): void {
    const verdict = program.unit.ask(row, side);
    if (verdict === verdict && verdict !== ERRORED) {
      this.rows.set(row, FLAG.hit);
      this.book.hit(program, subject, key, row, verdict, this.evidences[program.index]!.points.setOf(program.unit.held), staleMs);
      return;
    }
    if (this.rows.has(row, FLAG.hit)) this.book.clear(program, key, row);
    if (verdict === ERRORED) this.tellErrored(program, subject, key, row, () => this.causesInHand(program));
  }

  private causesInHand(program: Program): ReadonlySet<Cause> {
    const scene = sceneAt(this.world, program.typology, this.anchor);
    judge(scene);
    return scene.causes;
  }

  private tellErrored(program: Program, subject: Subject, key: number, row: number, causes: () => ReadonlySet<Cause>): void {
    this.notices.tell(program.typology.id, subject.keys.texts(key), this.rows.t(row), causes);
  }
}
