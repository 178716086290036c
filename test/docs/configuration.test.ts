import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configurationDocs } from '../../src/app/config/docs.ts';
import { ALL_SETTINGS } from '../../src/app/config/schema.ts';
import { loadConfig } from '../../src/app/config.ts';

const path = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'configuration.md');
if (process.env['UPDATE_DOCS'] === '1') writeFileSync(path, configurationDocs());
const text = readFileSync(path, 'utf8');

test('docs/configuration.md is what the definition says', () => expect(text).toBe(configurationDocs()));

test('every setting and variable has a row', () => {
  expect(ALL_SETTINGS.length).toBeGreaterThan(30);
  for (const { key, variable } of ALL_SETTINGS) expect(text).toContain(`| \`${key.replace('*', 'NAME')}\` | ${variable === null ? '–' : `\`${variable}\``}`);
});

test('the example loads', () => {
  const example = text.match(/```yaml\n(.*?)```/s)![1]!;
  const folder = mkdtempSync(join(tmpdir(), 'moneytrail-docs-'));
  try {
    for (const name of ['tls', 'secrets']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'tls/ca.pem'), '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n');
    for (const name of ['kafka', 'redis', 'alert-key']) writeFileSync(join(folder, 'secrets', name), `the secret of ${name}, long enough\n`);
    writeFileSync(join(folder, 'moneytrail.yaml'), example);
    const { config } = loadConfig({}, join(folder, 'moneytrail.yaml'));
    expect(config.kafka.brokers).toHaveLength(3);
    expect(config.kafka.sasl?.password.reveal()).toBe('the secret of kafka, long enough');
    expect(config.latenessMsBySource.get('bank-a')).toBe(72 * 3_600_000);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
