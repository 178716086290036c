import type { Socket } from 'node:net';
import kafkajs from 'kafkajs';

/** The part of a connection of kafkajs 2.2.4 that is mended here. One object is connected again and again. */
export interface Connection {
  socket?: Socket;
  /** Pieces of the answer that is being read, how many bytes they have, and how many are needed to read on. */
  chunks: Uint8Array[];
  bytesBuffered: number;
  bytesNeeded: number;
  isConnected(): boolean;
  connect(): Promise<unknown>;
  send(request: unknown): Promise<unknown>;
}

/** Every answer begins with its length. */
const LENGTH_BYTES = 4;
const EVENTS = ['data', 'end', 'error', 'timeout'] as const;

/**
 * Mends the ways in which a connection stands still for ever after a broker was killed:
 *
 *   half an answer  what was read of it stays in the buffer when the connection is made again, and every later answer is read at the wrong place
 *   two sockets     calls that find no connection each make one, and the end of the one that was forgotten ends the requests of the other
 *   no answer       a request that is not answered in time fails, and the next ones are sent on the same dead connection
 */
export function mendConnections({ prototype }: { readonly prototype: Connection }): void {
  connectOnceAndAfresh(prototype);
  leaveUnanswered(prototype);
}

function connectOnceAndAfresh(prototype: Connection): void {
  const original = prototype.connect;
  const underWay = new WeakMap<Connection, Promise<unknown>>();
  prototype.connect = function connect(this: Connection): Promise<unknown> {
    if (this.isConnected()) return Promise.resolve(true);
    const earlier = underWay.get(this);
    if (earlier !== undefined) return earlier;
    forgetSocket(this);
    const made = original.call(this).finally(() => underWay.delete(this));
    underWay.set(this, made);
    return made;
  };
}

/** Nothing of an earlier socket may reach the next one: neither its bytes nor its end. */
function forgetSocket(connection: Connection): void {
  const { socket } = connection;
  Object.assign(connection, { chunks: [], bytesBuffered: 0, bytesNeeded: LENGTH_BYTES });
  if (socket === undefined) return;
  for (const event of EVENTS) socket.removeAllListeners(event);
  // Its end is no news any more.
  socket.on('error', () => undefined);
  socket.destroy();
}

function leaveUnanswered(prototype: Connection): void {
  const original = prototype.send;
  prototype.send = async function send(this: Connection, request: unknown): Promise<unknown> {
    try {
      return await original.call(this, request);
    } catch (error) {
      // kafkajs hears of the end as of any other, and makes the connection anew with the next request.
      if (error instanceof kafkajs.KafkaJSRequestTimeoutError) this.socket?.destroy(new Error('Connection closed: a request was not answered in time'));
      throw error;
    }
  };
}
