import { OperatingError } from '../../../src/base/errors.ts';
import { createLog } from '../../../src/base/log.ts';
import { Vocabulary } from '../../../src/base/vocabulary.ts';
import { NO_METRICS } from '../../../src/pipeline/metrics.ts';
import { Abandoned, Patience, type Patient } from '../../../src/pipeline/patience.ts';

const log = createLog({ level: 'silent', vocabulary: new Vocabulary() });
const passing = (): OperatingError => new OperatingError('redis-unreachable', 'gone', { retryable: true });
const patient = (changes: Partial<Patient> = {}): Patient => ({ check: () => undefined, wait: async () => undefined, ...changes });

describe('patience', () => {
  test('tries again what may pass, tells that it lives meanwhile, and knows since when it has been failing', async () => {
    const patience = new Patience(log, NO_METRICS);
    let [tries, signs, failing] = [0, 0, -1];
    const work = async (): Promise<string> => {
      if (++tries === 3) failing = patience.failingMs(Date.now() + 1);
      if (tries < 3) throw passing();
      return 'done';
    };
    expect(await patience.persist(work, patient({ wait: async () => void signs++ }))).toBe('done');
    expect(signs).toBeGreaterThanOrEqual(2);
    expect(failing).toBeGreaterThan(0);
    expect(patience.failingMs(Date.now() + 1)).toBe(0);
  });

  test.each([new OperatingError('redis-auth', 'no'), new TypeError('ours')])('does not try again what cannot pass: %s', async (error) => {
    let tries = 0;
    const work = (): Promise<never> => {
      tries++;
      return Promise.reject(error);
    };
    await expect(new Patience(log, NO_METRICS).persist(work, patient())).rejects.toBe(error);
    expect(tries).toBe(1);
  });

  test('gives up as soon as there is no use any more, even where the work succeeded', async () => {
    const over = patient({
      check: () => {
        throw new Abandoned();
      },
    });
    await expect(new Patience(log, NO_METRICS).persist(() => Promise.reject(passing()), over)).rejects.toBeInstanceOf(Abandoned);
    await expect(new Patience(log, NO_METRICS).persist(async () => 1, over)).rejects.toBeInstanceOf(Abandoned);
  });

  test('hands on what the group says while waiting', async () => {
    const rebalance = new Error('rebalancing');
    await expect(new Patience(log, NO_METRICS).persist(() => Promise.reject(passing()), patient({ wait: () => Promise.reject(rebalance) }))).rejects.toBe(
      rebalance,
    );
  });
});
