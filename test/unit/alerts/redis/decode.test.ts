import { storedAlert } from '../../../../src/alerts/redis/decode.ts';
import { EXIT, type OperatingError } from '../../../../src/base/errors.ts';

test('an alert that somebody else wrote is told as such, and not as wrong use by whoever lists it', () => {
  const meta = JSON.stringify({ rev: 1, op: 'open', state: 'ready', finalAtMs: '0', finalAt: '1970-01-01T00:00:00Z' });
  for (const body of ['', 'a', '"a":1\n"b":2\n"c":3', '{}\n{}\n{}\n{}']) {
    let thrown: unknown = null;
    try {
      storedAlert(['00ab', meta, body]);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'redis-foreign-data', exitStatus: EXIT.unreachable, retryable: false });
    expect((thrown as OperatingError).message).toBe('what lies in Redis as alert "00ab" is none that this version reads');
  }
});
