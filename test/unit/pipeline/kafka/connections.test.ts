import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, mendConnections } from '../../../../src/pipeline/kafka/connections.ts';

const require = createRequire(import.meta.url);
const KafkajsConnection = require('kafkajs/src/network/connection') as new (options: object) => Connection & { disconnect(): Promise<unknown> };
const Encoder = require('kafkajs/src/protocol/encoder') as new () => { writeInt32(n: number): unknown };
mendConnections(KafkajsConnection);

const quiet = { info: () => undefined, error: () => undefined, warn: () => undefined, debug: () => undefined };
const logger = { ...quiet, namespace: () => quiet };
const REQUEST_MS_MAX = 300;
const WORD_BYTES = 4;

/** A request of which the answer is one number. */
const question = {
  request: { apiKey: 3, apiName: 'Question', apiVersion: 0, encode: async () => new Encoder() },
  response: {
    decode: async (payload: Buffer) => ({ number: payload.readInt32BE(0), clientSideThrottleTime: 0 }),
    parse: async ({ number }: { number: number }) => number,
  },
};

const answerTo = (request: Buffer, number: number): Buffer => {
  const answer = Buffer.alloc(3 * WORD_BYTES);
  answer.writeInt32BE(2 * WORD_BYTES, 0);
  // The length, the key and the version come before the number of the request.
  answer.writeInt32BE(request.readInt32BE(2 * WORD_BYTES), WORD_BYTES);
  answer.writeInt32BE(number, 2 * WORD_BYTES);
  return answer;
};

/** Several may arrive at once, each after its length. */
function requestsIn(bytes: Buffer): Buffer[] {
  if (bytes.length === 0) return [];
  const length = WORD_BYTES + bytes.readInt32BE(0);
  return [bytes.subarray(0, length), ...requestsIn(bytes.subarray(length))];
}

describe('a connection to a broker', () => {
  let server: Server;
  let sockets: Socket[];
  let answer: (socket: Socket, request: Buffer, nth: number) => void;
  let connection: InstanceType<typeof KafkajsConnection>;

  beforeEach(async () => {
    sockets = [];
    server = createServer((socket) => {
      const nth = sockets.push(socket);
      socket.on('data', (bytes) => requestsIn(bytes).forEach((request) => answer(socket, request, nth))).on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    connection = new KafkajsConnection({
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      logger,
      socketFactory: (require('kafkajs/src/network/socketFactory') as () => unknown)(),
      requestTimeout: REQUEST_MS_MAX,
      connectionTimeout: 1000,
    });
  });
  afterEach(async () => {
    await connection.disconnect();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  const ask = async (): Promise<unknown> => {
    await connection.connect();
    return connection.send(question);
  };

  test.each(['end', 'reset'] as const)(
    'that is broken in the middle of an answer by its %s reads the answers of the next one from their beginning',
    async (how) => {
      answer = (socket, request, nth) => {
        const whole = answerTo(request, nth);
        if (nth > 1) return void socket.write(whole);
        const breakOff = (): void => {
          if (how === 'end') socket.end();
          else socket.resetAndDestroy();
        };
        socket.write(whole.subarray(0, 7), () => setTimeout(breakOff, 20));
      };
      await expect(ask()).rejects.toThrow(/connection/i);
      await expect(ask()).resolves.toBe(2);
      await expect(ask()).resolves.toBe(2);
    },
  );

  test('is made once where several calls want it at once', async () => {
    answer = (socket, request, nth) => void socket.write(answerTo(request, nth));
    await expect(Promise.all([ask(), ask(), ask()])).resolves.toEqual([1, 1, 1]);
    expect(sockets).toHaveLength(1);
  });

  test('is made anew after a request that was not answered in time', async () => {
    answer = (socket, request, nth) => void (nth > 1 && socket.write(answerTo(request, nth)));
    await expect(ask()).rejects.toThrow(/timed out/);
    await sleep(0);
    await expect(ask()).resolves.toBe(2);
  });

  test('cannot be ended by what its earlier socket still says', async () => {
    answer = (socket, request, nth) => void socket.write(answerTo(request, nth));
    await expect(ask()).resolves.toBe(1);
    const earlier = connection.socket!;
    await connection.disconnect();
    await expect(ask()).resolves.toBe(2);
    earlier.emit('data', Buffer.from([0, 0, 1]));
    earlier.emit('end');
    earlier.emit('error', new Error('late'));
    await expect(ask()).resolves.toBe(2);
    expect(sockets).toHaveLength(2);
  });
});
