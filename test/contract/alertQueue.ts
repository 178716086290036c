import type { OpenBench } from './alertsBench.ts';
import { ownershipContract } from './alertsOwnership.ts';
import { peopleContract } from './alertsPeople.ts';
import { randomContract } from './alertsRandom.ts';
import { rankingContract } from './alertsRanking.ts';
import { stateContract } from './alertsStates.ts';

/** What every version of the queue's port has to do. */
export function alertQueueContract(name: string, open: OpenBench): void {
  describe(`the alert queue in ${name}`, () => {
    stateContract(open);
    ownershipContract(open);
    peopleContract(open);
    rankingContract(open);
    randomContract(open);
  });
}
