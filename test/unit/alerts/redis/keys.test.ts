import { queueKeys } from '../../../../src/alerts/redis/keys.ts';
import { loadConfig } from '../../../../src/app/config.ts';

test('every prefix that the configuration takes makes keys of one slot, and no other does', () => {
  const prefixes = ['a', 'moneytrail', 'A.b_c:d-9', 'x'.repeat(100), 'x'.repeat(101), '', 'a b', 'a{b', 'a}', 'é', 'a\n'];
  const takes = (act: () => unknown): boolean => {
    try {
      act();
      return true;
    } catch {
      return false;
    }
  };
  for (const prefix of prefixes) {
    // A variable that is set to nothing counts as not set.
    const configured = prefix !== '' && takes(() => loadConfig({ MONEYTRAIL_REDIS_PREFIX: prefix }));
    expect([prefix, takes(() => queueKeys(prefix))]).toEqual([prefix, configured]);
  }
  for (const key of queueKeys('x'.repeat(100)).all) expect(key.startsWith(`{${'x'.repeat(100)}}:`)).toBe(true);
});
