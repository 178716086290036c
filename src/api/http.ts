import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OperatingError } from '../base/errors.ts';
import {
  HTTP_CHECK_MS_MAX,
  HTTP_CONNECTIONS_MAX,
  HTTP_HEAD_BYTES_MAX,
  HTTP_HEAD_MS_MAX,
  HTTP_IDLE_MS_MAX,
  HTTP_REQUEST_MS_MAX,
  HTTP_REQUESTS_PER_CONNECTION_MAX,
} from '../base/limits.ts';

/**
 * One condition of health or readiness. `code` is stable, `reason` a sentence for the operator without a value of a record: why it does not hold, or
 * what should be looked at although it does.
 */
export interface Check {
  readonly code: string;
  readonly ok: boolean;
  readonly reason?: string;
}

export type Checks = () => readonly Check[] | Promise<readonly Check[]>;

export interface HttpOptions {
  /** 0 is off. */
  readonly port: number;
  /** The address to listen on. */
  readonly host: string;
  readonly metrics: { text(): Promise<string>; readonly contentType: string };
  /** Whether the process should be left alone: it is restarted where a check fails. */
  readonly health: Checks;
  /** Whether it does its work now. */
  readonly ready: Checks;
  /** Told of an error that a check or the metrics threw; the caller gets 500 and no word of it. */
  readonly onError: (error: unknown) => void;
}

export interface HttpServer {
  /** The port that is listened on, 0 where it is off. */
  readonly port: number;
  close(): Promise<void>;
}

type Answer = { readonly status: number; readonly type: string; readonly body: string; readonly allow?: string };
const TEXT = 'text/plain; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';

/** The operator's port: `/metrics`, `/healthz`, `/readyz`. Throws `OperatingError('http-port')` where the port cannot be had. */
export async function startHttp(options: HttpOptions): Promise<HttpServer> {
  if (options.port === 0) return { port: 0, close: async () => undefined };
  return listen(serverOf(options), options.port, options.host);
}

/** The server without a port, for tests that let the system choose one. */
export function serverOf(options: Omit<HttpOptions, 'port' | 'host'>): Server {
  const limits = {
    headersTimeout: HTTP_HEAD_MS_MAX,
    requestTimeout: HTTP_REQUEST_MS_MAX,
    keepAliveTimeout: HTTP_IDLE_MS_MAX,
    connectionsCheckingInterval: 1_000,
  };
  const server = createServer({ ...limits, maxHeaderSize: HTTP_HEAD_BYTES_MAX }, (request, response) => {
    // Nothing here reads a body, so that a request with one ends its connection.
    if (hasBody(request)) response.setHeader('connection', 'close');
    answer(request, options)
      .catch((error: unknown): Answer => {
        options.onError(error);
        return { status: 500, type: TEXT, body: 'internal error\n' };
      })
      .then((a) => send(request, response, a));
  });
  server.maxConnections = HTTP_CONNECTIONS_MAX;
  server.maxRequestsPerSocket = HTTP_REQUESTS_PER_CONNECTION_MAX;
  return server;
}

/** Listens on a port, 0 for any. */
export async function listen(server: Server, port: number, host: string): Promise<HttpServer> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        new OperatingError('http-port', `The HTTP port ${port} on ${host} cannot be listened on (${cause.code ?? 'unknown'}); choose another, or 0 for none`, {
          cause,
        }),
      );
    });
    server.listen(port, host, resolve);
  });
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return { port: (server.address() as AddressInfo).port, close };
}

async function answer(request: IncomingMessage, options: Omit<HttpOptions, 'port' | 'host'>): Promise<Answer> {
  const path = (request.url ?? '').split('?', 1)[0];
  const pages: Readonly<Record<string, () => Promise<Answer>>> = {
    '/metrics': async () => ({ status: 200, type: options.metrics.contentType, body: await options.metrics.text() }),
    '/healthz': () => checked(options.health),
    '/readyz': () => checked(options.ready),
  };
  const page = path !== undefined && Object.hasOwn(pages, path) ? pages[path] : undefined;
  if (page === undefined) return { status: 404, type: TEXT, body: 'There is /metrics, /healthz and /readyz.\n' };
  if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405, type: TEXT, body: 'Only GET and HEAD are answered.\n', allow: 'GET, HEAD' };
  return page();
}

/** 200 where every check holds, 503 otherwise, with what does not hold and why. */
async function checked(checks: Checks): Promise<Answer> {
  const all = await inTime(checks);
  const failed = all.filter(({ ok }) => !ok);
  const body = JSON.stringify({
    status: failed.length === 0 ? 'ok' : 'not-ok',
    reasons: failed.map(({ code, reason }) => ({ code, reason: reason ?? code })),
    notices: all.flatMap(({ code, ok, reason }) => (ok && reason !== undefined ? [{ code, reason }] : [])),
    checks: Object.fromEntries(all.map(({ code, ok }) => [code, ok])),
  });
  return { status: failed.length === 0 ? 200 : 503, type: JSON_TYPE, body: `${body}\n` };
}

async function inTime(checks: Checks): Promise<readonly Check[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly Check[]>((resolve) => {
    const reason = `The checks took longer than ${HTTP_CHECK_MS_MAX} ms.`;
    timer = setTimeout(() => resolve([{ code: 'checks-slow', ok: false, reason }]), HTTP_CHECK_MS_MAX);
  });
  try {
    return await Promise.race([checks(), late]);
  } finally {
    clearTimeout(timer);
  }
}

const hasBody = ({ headers }: IncomingMessage): boolean => headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;

function send(request: IncomingMessage, response: ServerResponse, { status, type, body, allow }: Answer): void {
  response.statusCode = status;
  response.setHeader('content-type', type);
  response.setHeader('cache-control', 'no-store');
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('content-length', Buffer.byteLength(body));
  if (allow !== undefined) response.setHeader('allow', allow);
  response.end(request.method === 'HEAD' ? undefined : body);
}
