import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ALL_SETTINGS } from '../../src/app/config/schema.ts';
import { loadConfig } from '../../src/app/config.ts';
import { DEFAULT_SETTINGS } from '../../src/detection/settings.ts';
import { createDetector } from '../../src/pipeline/createDetector.ts';
import { neededRetentionMs } from '../../src/pipeline/replay.ts';
import { NO_RATES } from '../../src/transactions/rates.ts';
import { loadRules } from '../../src/typologies/load.ts';
import { checkGenerated } from './generated.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const DAY_MS = 86_400_000;
/** The greatest bound that the configuration takes. */
const ROWS_MAX = 2 ** 27;
const { config } = loadConfig({});
const typologies = loadRules(join(root, 'rules')).ruleSet!.typologies.filter(({ status }) => status === 'active');
const { latenessMs, returnHorizonMs } = config;
const { retentionMs } = createDetector({ typologies, rates: NO_RATES, settings: { ...DEFAULT_SETTINGS, latenessMs, returnHorizonMs } }).engine;
const reachMs = Math.max(...typologies.map((t) => t.reachMs));
const heldMs = latenessMs + Math.max(returnHorizonMs, DAY_MS) + reachMs;
const days = (ms: number): string => `${(Math.ceil(ms / DAY_MS) === ms / DAY_MS ? ms / DAY_MS : Math.ceil(ms / DAY_MS)).toLocaleString('en')} d`;
const whole = (n: number): string => Math.floor(n).toLocaleString('en');
const perSecond = (rows: number): string => `${((rows * 1000) / heldMs).toFixed(1)} a second, ${whole((rows * DAY_MS) / heldMs)} a day`;

test('docs/sizing.md says what the project rules and the defaults come to', () => {
  const { rowsMax } = config.memory;
  const rows = [
    ['reach, the longest that a typology looks back', days(reachMs)],
    ['held in memory: lateness + F + reach', days(heldMs)],
    ['a replay reads: reach + F + P', days(retentionMs)],
    ['Kafka has to keep', days(neededRetentionMs(retentionMs, latenessMs))],
    [`average rate that fills \`memory.rowsMax\` = ${whole(rowsMax)}, the default`, perSecond(rowsMax)],
    [`the same at its greatest value, ${whole(ROWS_MAX)}`, perSecond(ROWS_MAX)],
  ];
  const { found, wanted } = checkGenerated('sizing.md', 'sizes', ['of the project rules with the defaults', 'is'], rows);
  expect(found).toBe(wanted);
});

test('and names the greatest bound that the configuration takes', () => {
  expect(ALL_SETTINGS.find(({ key }) => key === 'memory.rowsMax')?.form.says).toContain(String(ROWS_MAX));
  expect(readFileSync(join(root, 'docs/sizing.md'), 'utf8')).toContain(whole(ROWS_MAX));
});
