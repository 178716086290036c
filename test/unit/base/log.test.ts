import { jest } from '@jest/globals';
import { AssertionError, assert } from '../../../src/base/assert.ts';
import { installCrashHandler } from '../../../src/base/crash.ts';
import { OperatingError } from '../../../src/base/errors.ts';
import { createLog, LOG_FIELDS, LOG_LEVELS, type Log, type LogFields, type LogLevel } from '../../../src/base/log.ts';
import { Secret } from '../../../src/base/secret.ts';
import { Vocabulary } from '../../../src/base/vocabulary.ts';

const CANARY = 'GB33CANARY5555';

function logInto(lines: string[], level: LogLevel = 'trace', words: string[] = ['transactions', 'not-json']): Log {
  return createLog({ level, vocabulary: new Vocabulary(words), stream: { write: (line: string) => void lines.push(line) } });
}

const only = (lines: readonly string[]): Record<string, unknown> => {
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0]!);
};

describe('a log line', () => {
  test('holds level, time, message and what the table lists', () => {
    const lines: string[] = [];
    const digest = `sha256:${'0f'.repeat(32)}`;
    logInto(lines).warn(
      { partition: 3, offset: 17, topic: 'transactions', place: 'transactions/3/17', rulesDigest: digest, retryable: true },
      'a record was refused',
    );
    const { time, ...rest } = only(lines);
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(rest).toEqual({
      level: 'warn',
      partition: 3,
      offset: 17,
      topic: 'transactions',
      place: 'transactions/3/17',
      rulesDigest: digest,
      retryable: true,
      msg: 'a record was refused',
    });
  });

  test('is written from its level on', () => {
    for (const [i, level] of LOG_LEVELS.entries()) {
      const lines: string[] = [];
      const log = logInto(lines, level);
      for (const name of LOG_LEVELS) if (name !== 'silent') log[name]({}, 'a line');
      expect(lines.map((line) => JSON.parse(line).level)).toEqual(LOG_LEVELS.slice(i, -1));
    }
  });

  test('shows an unknown word as other, and one of the system as it is', () => {
    const lines: string[] = [];
    logInto(lines).info({ code: 'ECONNREFUSED', topic: 'elsewhere', place: 'elsewhere/1/2' }, 'a line');
    expect(only(lines)).toMatchObject({ code: 'ECONNREFUSED', topic: 'other', place: 'other/1/2' });
  });
});

describe('an error in the log', () => {
  const shown = (error: unknown): { error: Record<string, unknown> } => {
    const lines: string[] = [];
    logInto(lines).error({ error }, 'it failed');
    return only(lines) as { error: Record<string, unknown> };
  };

  test('has class, code, causes and the places in the code', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1'), { code: 'ECONNREFUSED' });
    const { error } = shown(new OperatingError('kafka-unreachable', 'no broker answers', { cause }));
    expect(error).toMatchObject({ kind: 'OperatingError', code: 'kafka-unreachable', cause: { kind: 'Error', code: 'ECONNREFUSED' } });
    expect((error['frames'] as string[])[0]).toMatch(/^test\/unit\/base\/log\.test\.ts:\d+:\d+$/);
  });

  test('has codes of libraries, whatever they call the property', () => {
    expect(shown(Object.assign(new Error('x'), { type: 'UNKNOWN_MEMBER_ID' })).error['code']).toBe('UNKNOWN_MEMBER_ID');
    expect(shown(Object.assign(new Error('x'), { code: 'ERR_SOCKET_CLOSED' })).error['code']).toBe('ERR_SOCKET_CLOSED');
    expect(shown(Object.assign(new Error('x'), { code: CANARY })).error).not.toHaveProperty('code');
  });

  test('ends where its causes go in a circle', () => {
    const error = new Error('a');
    error.cause = error;
    expect(JSON.stringify(shown(error)).match(/"cause"/g)).toHaveLength(3);
  });

  test.each([
    ['an assertion', () => assert(false, 'something holds'), 'AssertionError'],
    ['a bug', () => (undefined as unknown as { x: number }).x, 'TypeError'],
  ])('has the place of %s', (_name, act, kind) => {
    let thrown: unknown;
    try {
      act();
    } catch (error) {
      thrown = error;
    }
    expect(shown(thrown).error['kind']).toBe(kind);
    expect(shown(thrown).error['frames']).not.toEqual([]);
  });
});

/** What a slip in the code could do with a value of a record: each puts the canary somewhere else. */
const SLIPS: Readonly<Record<string, (canary: string) => unknown>> = {
  'as itself': (canary) => canary,
  'in a list': (canary) => [canary],
  'in an object': (canary) => ({ [canary]: canary }),
  'behind toJSON': (canary) => ({ toJSON: () => canary }),
  'as the message of an error': (canary) => new Error(canary),
  'as a message of many lines that looks like frames': (canary) =>
    new TypeError(`${canary}\n    at ${canary} (file:///${canary}.js:1:1)\n    at /${canary}.js:2:2`),
  'as the name of an error': (canary) => Object.assign(new Error('x'), { name: canary }),
  'as the code of an error': (canary) => Object.assign(new Error('x'), { code: canary, type: canary, [canary]: canary }),
  'as the stack of an error': (canary) => Object.assign(new Error('x'), { stack: `Error: ${canary}\n    at ${canary}` }),
  'in a cause': (canary) => new Error('x', { cause: new Error(canary, { cause: canary }) }),
  'in one of several errors': (canary) => new AggregateError([new Error(canary)], canary),
  'in an error of the parser': (canary) => {
    try {
      return JSON.parse(`{"account": "${canary}", }`);
    } catch (error) {
      return error;
    }
  },
  'in an assertion': (canary) => new AssertionError(canary),
  'in an operating error': (canary) => new OperatingError('file-unreadable', canary),
  'as a symbol': (canary) => Symbol(canary),
  'as a thrown text': (canary) => canary,
};

describe('no value of a record gets out', () => {
  test.each(Object.keys(SLIPS))('%s, under every name at every level', (slip) => {
    const lines: string[] = [];
    const log = logInto(lines);
    for (const name of [...LOG_FIELDS, 'account', CANARY, '__proto__', 'toString', 'err']) {
      for (const level of LOG_LEVELS) {
        const fields: Record<string, unknown> = Object.create(null);
        fields[name] = SLIPS[slip]!(CANARY);
        if (level !== 'silent') log[level](fields as LogFields, 'a slip');
      }
    }
    expect(lines.length).toBe((LOG_FIELDS.length + 5) * (LOG_LEVELS.length - 1));
    expect(lines.join('')).not.toContain(CANARY);
  });

  test('a field that is not listed is counted', () => {
    const lines: string[] = [];
    logInto(lines).info({ account: CANARY, amountMinor: 5, partition: CANARY, records: 1 } as unknown as LogFields, 'a slip');
    expect(only(lines)).toMatchObject({ records: 1, droppedFields: 3 });
  });

  test('the look-out sees what gets out: a known word is shown', () => {
    const lines: string[] = [];
    logInto(lines, 'trace', [CANARY]).info({ topic: CANARY }, 'a line');
    expect(lines.join('')).toContain(CANARY);
  });

  test('a secret shows a mask', () => {
    const secret = new Secret(CANARY);
    expect(secret.reveal()).toBe(CANARY);
    expect(`${secret} ${JSON.stringify({ secret })}`).toBe('[secret] {"secret":"[secret]"}');
    expect(Object.keys(secret)).toEqual([]);
  });
});

describe('a crash', () => {
  const crash = (error: unknown, lastWords?: () => void): { lines: string[]; status: unknown } => {
    const lines: string[] = [];
    const exit = jest.spyOn(process, 'exit').mockImplementation(() => undefined as never);
    const remove = installCrashHandler({ log: logInto(lines), ...(lastWords === undefined ? {} : { lastWords }) });
    process.emit('uncaughtException', error as Error);
    remove();
    const status = exit.mock.calls[0]?.[0];
    exit.mockRestore();
    return { lines, status };
  };

  test('ends with status 4 after one line without the message', () => {
    const { lines, status } = crash(new RangeError(CANARY));
    expect(status).toBe(4);
    expect(only(lines)).toMatchObject({ level: 'fatal', exitStatus: 4, error: { kind: 'RangeError' } });
    expect(lines.join('')).not.toContain(CANARY);
  });

  test('says its last words, and survives those that fail', () => {
    let said = 0;
    expect(crash(new Error('x'), () => void said++).status).toBe(4);
    expect(said).toBe(1);
    const { lines, status } = crash(CANARY, () => {
      throw new Error(CANARY);
    });
    expect(status).toBe(4);
    expect(lines).toHaveLength(2);
    expect(lines.join('')).not.toContain(CANARY);
  });
});
