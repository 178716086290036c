import { ALARMS, UNREADY } from '../../src/app/readiness.ts';
import { METRICS } from '../../src/pipeline/metrics.ts';
import { checkGenerated } from './generated.ts';

test('docs/operations.md lists every metric', () => {
  const rows = Object.entries(METRICS).flatMap(([kind, table]) => Object.entries(table).map(([name, meaning]) => [`\`${name}\``, kind.slice(0, -1), meaning]));
  expect(rows.length).toBeGreaterThan(20);
  const { found, wanted } = checkGenerated('operations.md', 'metrics', ['name', 'kind', 'what it says'], rows);
  expect(found).toBe(wanted);
});

test('docs/operations.md says why a run may not be ready', () => {
  const rows = Object.entries(UNREADY).map(([code, reason]) => [`\`${code}\``, reason]);
  const { found, wanted } = checkGenerated('operations.md', 'readiness', ['reason', 'what it means'], rows);
  expect(found).toBe(wanted);
});

test('docs/operations.md lists the alarms', () => {
  const rows = Object.entries(ALARMS).map(([code, reason]) => [`\`${code}\``, reason]);
  const { found, wanted } = checkGenerated('operations.md', 'alarms', ['alarm', 'what it means'], rows);
  expect(found).toBe(wanted);
});
