/** Apache Kafka's jars from Maven Central, fetched once into `.cache/`. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasProgram } from './processes.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../..');
export const KAFKA_VERSION = '4.1.1';
const JARS = join(ROOT, '.cache', `kafka-${KAFKA_VERSION}`);
const POM = join(ROOT, 'scripts/kafka/pom.xml');
export const LOG4J = join(ROOT, 'scripts/kafka/log4j2.properties');

/** Whether a broker can be started on this machine: Java, and the jars or the means to fetch them. */
export function kafkaIsHere() {
  return hasProgram('java', ['-version']) && (existsSync(JARS) || hasProgram('mvn', ['-v']));
}

/** The class path of all jars. Fetches them (54 MB) where they are not there; a fetch that is broken off leaves nothing behind. */
export function kafkaClassPath() {
  if (!existsSync(JARS)) fetchJars();
  return join(JARS, '*');
}

function fetchJars() {
  mkdirSync(dirname(JARS), { recursive: true });
  const part = mkdtempSync(`${JARS}.part-`);
  const args = ['-q', '-B', '-f', POM, 'dependency:copy-dependencies', `-DoutputDirectory=${part}`];
  const done = spawnSync('mvn', args, { encoding: 'utf8' });
  if (done.status !== 0) {
    rmSync(part, { recursive: true, force: true });
    throw new Error(`mvn could not fetch Apache Kafka ${KAFKA_VERSION}:\n${done.stdout}${done.stderr}`);
  }
  try {
    renameSync(part, JARS);
  } catch (error) {
    // Another process was first; its jars are as good.
    rmSync(part, { recursive: true, force: true });
    if (!existsSync(JARS)) throw error;
  }
}
