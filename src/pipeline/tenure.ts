import { OperatingError } from '../base/errors.ts';
import type { FaultFile } from './faults.ts';
import type { Intake } from './intake.ts';
import type { InputBatch, KafkaInput } from './kafka/input.ts';
import type { TopicLog } from './kafka/topicLog.ts';
import type { RunOptions, Tuning } from './options.ts';
import type { Patience, Patient } from './patience.ts';
import type { Pipeline } from './pipeline.ts';
import type { Told } from './told.ts';

/** What every part of the owner works with. */
export interface OwnerParts {
  readonly options: RunOptions;
  readonly tuning: Tuning;
  readonly ownerName: string;
  readonly topicLog: TopicLog;
  readonly faults: FaultFile;
  readonly patience: Patience;
  readonly tell: (told: readonly Told[]) => Promise<void>;
  /** The run cannot go on. */
  readonly fail: (error: unknown) => void;
  /** Something that an operator has to look at while the run goes on, by its code. */
  readonly alarm: (code: string) => void;
}

/** One ownership of the input, from the epoch that was taken to the state that is dropped. */
export interface Tenure {
  readonly pipeline: Pipeline;
  readonly intake: Intake;
  /** By partition, the next offset of the replay; empty where it is over. */
  readonly replay: Map<number, number>;
  /** Whether the log has lost a part of what the replay needs, which the operator accepted. */
  readonly hasGap: boolean;
}

/**
 * Whether a batch goes on where it should. A later beginning is fine where only markers lie between; an earlier one is read again from the right
 * place. kafkajs says nothing when it was set back to the beginning of a log, so that anything else ends the run.
 */
export async function fits(parts: OwnerParts, input: KafkaInput, batch: InputBatch, expected: number, patient: Patient): Promise<boolean> {
  if (batch.firstOffset === expected) return true;
  const end = (await parts.patience.persist(() => parts.topicLog.ends(), patient)).get(batch.partition);
  if (end === undefined || expected < end.low || expected > end.high) {
    const where = `Partition ${batch.partition} of ${parts.options.topics.names.transactions}`;
    throw new OperatingError('input-gap', `${where} no longer holds offset ${expected}: records were removed, or the topic was made anew`);
  }
  if (batch.firstOffset > expected) return true;
  input.seek(batch.partition, expected);
  return false;
}

/** Forgets the faults that lie behind what was delivered, and raises an alarm for each record that was skipped. */
export function clearFaults({ faults, options, alarm }: OwnerParts, pipeline: Pipeline): void {
  if (faults.isEmpty || !pipeline.isSkipStored) return;
  for (const place of faults.passed(pipeline.deliveredPositions)) {
    alarm('engine-fault');
    options.log.error({ code: 'engine-fault', place }, 'A record that twice ended the process was put into quarantine and is skipped');
  }
}
