import { ALL_SETTINGS, type Setting } from './schema.ts';

const INTRODUCTION = `# Configuration

<!-- Made from src/app/config/schema.ts by \`UPDATE_DOCS=1 npm test -- docs configuration\`; a test compares. Do not edit by hand. -->

Every setting below can stand in a file and, where it has a variable, in the environment. The environment wins over the file, the file over the
default; a variable that is set to nothing counts as not set. The file is YAML or JSON; \`--config FILE\` or the variable \`MONEYTRAIL_CONFIG\` names it.
A relative path in the file starts at the file's folder, one in the environment at the working directory.

Before anything is connected, all problems are told at once, each with the setting, the place where it was written and what to write instead.
A key or variable that nobody knows is a problem too, with the name that was probably meant.

A secret can be given in a file of its own, which is how Docker and Kubernetes hand secrets over: the variable with \`_FILE\` behind it
(\`KAFKA_SASL_PASSWORD_FILE\`), or the key with \`File\` (\`passwordFile\`), is the path to read it from. One line break at its end is left out. Secrets are
never printed: \`moneytrail doctor --settings\`, which shows every setting with its value and where it was said, has \`[secret]\` in their place.

Durations are whole numbers with the units \`ms\`, \`s\`, \`m\`, \`h\`, \`d\` and \`w\`, without blanks: \`36h\`, \`1d12h\`.

`;

const EXAMPLE = `## An example

\`\`\`yaml
lateness: 48h
sources:
  bank-a: { lateness: 72h }
  wallet-firm: { prefix: 'wf:' }
kafka:
  brokers: [kafka-1:9093, kafka-2:9093, kafka-3:9093]
  replicationFactor: 3
  tls: { ca: tls/ca.pem }
  sasl: { mechanism: scram-sha-512, username: moneytrail, passwordFile: secrets/kafka }
redis:
  url: rediss://redis:6380
  passwordFile: secrets/redis
  tls: { ca: tls/ca.pem }
alertKeyFile: secrets/alert-key
http: { port: 9464, host: 0.0.0.0 }
\`\`\`
`;

/** The text of docs/configuration.md. */
export function configurationDocs(): string {
  const groups = new Map<string, Setting[]>();
  for (const setting of ALL_SETTINGS) {
    const group = setting.key.includes('.') ? setting.key.slice(0, setting.key.lastIndexOf('.')) : '';
    groups.set(group, [...(groups.get(group) ?? []), setting]);
  }
  return INTRODUCTION + [...groups].map(([group, settings]) => sectionOf(group, settings)).join('') + EXAMPLE;
}

function sectionOf(group: string, settings: readonly Setting[]): string {
  const title = group === '' ? '## General' : `## \`${group.replace('*', 'NAME')}\``;
  const head = '| key | variable | default | value | what it does |\n| --- | --- | --- | --- | --- |\n';
  return `${title}\n\n${head}${settings.map(rowOf).join('')}\n`;
}

function rowOf({ key, variable, form, about, default: byDefault }: Setting): string {
  const name = `\`${key.replace('*', 'NAME')}\``;
  const variables = variable === null ? '–' : form.secret ? `\`${variable}\`, \`${variable}_FILE\`` : `\`${variable}\``;
  const shown = byDefault === null ? '–' : byDefault === '' ? 'nothing' : `\`${byDefault}\``;
  return `| ${name} | ${variables} | ${shown} | ${form.says} | ${about} |\n`;
}
