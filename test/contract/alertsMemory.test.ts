import { createMemoryQueue } from '../../src/alerts/memory/queue.ts';
import { alertQueueContract } from './alertQueue.ts';

alertQueueContract('memory', async (options = {}) => {
  const clock = { nowMs: 1_772_000_000_000 };
  const queue = createMemoryQueue({ nowMs: () => clock.nowMs, engineVersion: '0.1.0', ...options });
  return { queue, other: queue, clock, done: () => queue.close() };
});
