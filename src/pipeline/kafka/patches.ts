import { createRequire } from 'node:module';
import { type Connection, mendConnections } from './connections.ts';

/** Parts of kafkajs 2.2.4 that are mended here; nothing else of the package's inside is touched. */
interface RequestQueue {
  pending: unknown[];
  throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}
interface Broker {
  listOffsets(request: { isolationLevel?: number }): Promise<unknown>;
}
interface Class<T> {
  readonly prototype: T;
}

const READ_UNCOMMITTED = 0;
const require = createRequire(import.meta.url);
let patched = false;

/** Mends kafkajs once for the whole process. */
export function patchKafkajs(): void {
  if (patched) return;
  patched = true;
  mendConnections(require('kafkajs/src/network/connection') as Class<Connection>);
  stopIdleTimer(require('kafkajs/src/network/requestQueue') as Class<RequestQueue>);
  askForHighWatermark(require('kafkajs/src/broker') as Class<Broker>);
}

/** Every idle connection arms a timer of one millisecond again and again (kafkajs #1751): 5 % of a core. With nothing pending and no throttling there is nothing to check. */
function stopIdleTimer({ prototype }: Class<RequestQueue>): void {
  const original = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function schedule(this: RequestQueue): void {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) original.call(this);
  };
}

/**
 * The admin client leaves the isolation level out, and gets the last stable offset for the end of a partition. The end that clause S3 means is the high watermark:
 * behind an open transaction there are records that are older than they look. Consumers always say their level.
 */
function askForHighWatermark({ prototype }: Class<Broker>): void {
  const original = prototype.listOffsets;
  prototype.listOffsets = function listOffsets(this: Broker, request: { isolationLevel?: number }): Promise<unknown> {
    return original.call(this, { ...request, isolationLevel: request.isolationLevel ?? READ_UNCOMMITTED });
  };
}
