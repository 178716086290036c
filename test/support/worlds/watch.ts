import type { EngineOptions } from '../../../src/detection/api.ts';
import { changed } from './changed.ts';
import { PATHS } from './paths.ts';
import type { MakeEngine } from './session.ts';

/** What the engines of a run went through: by path how many there were and how many spoke, and what their takeovers found. */
export class Watch {
  readonly engines = new Map(PATHS.map(({ name }) => [name, 0]));
  readonly speaking = new Map(PATHS.map(({ name }) => [name, 0]));
  keepingUnseen = 0;
  /** Drains that left for later what late records had changed. */
  deferrals = 0;
  takeovers = 0;
  /** Takeovers at which the replay had something to say. */
  takeoversThatSpeak = 0;

  /** Makes engines that are watched. */
  watched(make: MakeEngine): MakeEngine {
    return (options) => {
      const engine = make(options);
      const name = nameOf(options);
      add(this.engines, name);
      if (options.keepsUnseen === true) this.keepingUnseen++;
      let [spoke, justReplayed] = [false, false];
      return changed(engine, {
        drain: (how) => {
          const changes = engine.drain(how);
          if (how?.deferLate === true) this.deferrals++;
          if (changes.length > 0 && !spoke) add(this.speaking, name);
          if (changes.length > 0 && justReplayed) this.takeoversThatSpeak++;
          spoke ||= changes.length > 0;
          justReplayed = false;
          return changes;
        },
        endReplay: (wmMs) => {
          this.takeovers++;
          justReplayed = true;
          engine.endReplay(wmMs);
        },
      });
    };
  }

  private get all(): number {
    return [...this.engines.values()].reduce((a, b) => a + b, 0);
  }

  /** Paths that fewer than so many percent of the engines took and spoke on. */
  below(percent: number): string[] {
    const few = [...this.speaking].filter(([, n]) => 100 * n < percent * this.all).map(([name, n]) => `${name}: ${n} of ${this.all} engines spoke`);
    return 100 * this.keepingUnseen < percent * this.all ? [...few, `${this.keepingUnseen} of ${this.all} engines keep unseen legs`] : few;
  }

  print(): string {
    const paths = [...this.engines].map(([name, n]) => `${n} (${this.speaking.get(name)} spoke) by ${name}`);
    return `engines: ${paths.join('; ')}; ${this.keepingUnseen} of all keep unseen legs; ${this.deferrals} deferrals; ${this.takeovers} takeovers, ${this.takeoversThatSpeak} with alerts standing`;
  }
}

function nameOf({ generates, hotLegs }: EngineOptions): string {
  const path = PATHS.find(({ options }) => options.generates === (generates ?? true) && options.hotLegs === hotLegs);
  if (path === undefined) throw new Error('the engines of the laws take a path that is listed');
  return path.name;
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, counts.get(name)! + 1);
}
