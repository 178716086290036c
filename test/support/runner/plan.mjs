import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The suites in the order in which they run: what fails soonest comes first. */
export const SUITES = ['structure', 'unit', 'docs', 'contract', 'laws', 'integration'];

/**
 * What a test file may ask for in a line of its own, e.g. `// needs: kafka, redis`. `kafka` and `redis`: a server whose address is in
 * KAFKA_BROKERS or REDIS_URL. `kafka-process` and `redis-process`: the test starts servers of its own through `test/support/servers`.
 */
export const SERVERS = ['kafka', 'redis', 'kafka-process', 'redis-process'];

/** The servers that a test file names. Throws where it names one that does not exist, since it would never run. */
export function needsOf(text, path) {
  const line = text.match(/^\/\/ needs:(.*)$/m);
  if (line === null) return [];
  const names = line[1].split(',').map((name) => name.trim());
  for (const name of names) if (!SERVERS.includes(name)) throw new Error(`${path} needs "${name}"; a test can need ${SERVERS.join(', ')}`);
  return names;
}

function testFiles(folder) {
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...testFiles(path));
    else if (entry.name.endsWith('.test.ts')) found.push(path);
  }
  return found.sort();
}

function suiteFiles(root, suite) {
  try {
    return testFiles(join(root, 'test', suite));
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

/** Every test file of the named suites whose path holds one of the patterns (all, without any), with the servers that it needs. */
export function planSuites(root, suites, patterns) {
  const asked = (path) => patterns.length === 0 || patterns.some((pattern) => path.includes(pattern));
  return suites.map((suite) => ({
    suite,
    files: suiteFiles(root, suite)
      .filter(asked)
      .map((path) => ({ path, needs: needsOf(readFileSync(path, 'utf8'), path) })),
  }));
}
