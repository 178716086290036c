import { connect } from 'node:net';
import { type Check, type Checks, type HttpServer, listen, serverOf, startHttp } from '../../../src/api/http.ts';
import { createMetrics } from '../../../src/api/prometheus.ts';
import { OperatingError } from '../../../src/base/errors.ts';
import { HTTP_CHECK_MS_MAX, HTTP_CONNECTIONS_MAX, HTTP_HEAD_BYTES_MAX } from '../../../src/base/limits.ts';
import { Vocabulary } from '../../../src/base/vocabulary.ts';

const CANARY = 'GB33CANARY5555';
const fine: Checks = () => [];
const open: HttpServer[] = [];
const errors: unknown[] = [];

async function start(options: { health?: Checks; ready?: Checks; metrics?: () => Promise<string> } = {}): Promise<number> {
  const metrics = { text: options.metrics ?? (async () => 'moneytrail_owner 1\n'), contentType: 'text/plain; version=0.0.4' };
  const server = serverOf({ metrics, health: options.health ?? fine, ready: options.ready ?? fine, onError: (error) => errors.push(error) });
  const started = await listen(server, 0, '127.0.0.1');
  open.push(started);
  return started.port;
}

afterEach(async () => {
  errors.length = 0;
  for (const server of open.splice(0)) await server.close();
});

const get = (port: number, path: string, init: RequestInit = {}): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`, init);

describe('the pages', () => {
  test('/metrics as Prometheus wants them', async () => {
    const response = await get(await start(), '/metrics');
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([200, 'text/plain; version=0.0.4', 'moneytrail_owner 1\n']);
  });

  test('/healthz and /readyz say what does not hold and why', async () => {
    const ready: Check[] = [
      { code: 'redis', ok: true },
      { code: 'engine-fault', ok: true, reason: 'A record was skipped.' },
      { code: 'kafka-unreachable', ok: false, reason: 'No broker of 127.0.0.1:9092 answers.' },
      { code: 'clock-skew', ok: false },
    ];
    const port = await start({ ready: async () => ready });
    expect((await get(port, '/healthz')).status).toBe(200);
    const response = await get(port, '/readyz');
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      status: 'not-ok',
      reasons: [
        { code: 'kafka-unreachable', reason: 'No broker of 127.0.0.1:9092 answers.' },
        { code: 'clock-skew', reason: 'clock-skew' },
      ],
      notices: [{ code: 'engine-fault', reason: 'A record was skipped.' }],
      checks: { redis: true, 'engine-fault': true, 'kafka-unreachable': false, 'clock-skew': false },
    });
  });

  test('all is well without a failed check', async () => {
    const response = await get(await start({ ready: () => [{ code: 'redis', ok: true }] }), '/readyz?verbose');
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok', reasons: [], notices: [], checks: { redis: true } }]);
  });

  test('HEAD has the head alone', async () => {
    const response = await get(await start(), '/readyz', { method: 'HEAD' });
    expect([response.status, Number(response.headers.get('content-length')) > 0, await response.text()]).toEqual([200, true, '']);
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s is refused', async (method) => {
    const response = await get(await start(), '/metrics', { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  test.each(['/', '/metrics/', '/__proto__', '/constructor', '//metrics'])('%s is not there', async (path) => {
    expect((await get(await start(), path)).status).toBe(404);
  });
});

describe('what goes wrong inside', () => {
  test('an error is told to the operator and not to the caller', async () => {
    const port = await start({
      metrics: async () => {
        throw new Error(CANARY);
      },
      ready: () => {
        throw new Error(CANARY);
      },
    });
    for (const path of ['/metrics', '/readyz']) {
      const response = await get(port, path);
      expect([response.status, await response.text()]).toEqual([500, 'internal error\n']);
    }
    expect(errors).toHaveLength(2);
  });

  test(
    'a check that does not end counts as not ready',
    async () => {
      const response = await get(await start({ ready: () => new Promise(() => undefined) }), '/readyz');
      expect([response.status, ((await response.json()) as { reasons: { code: string }[] }).reasons[0]!.code]).toEqual([503, 'checks-slow']);
    },
    HTTP_CHECK_MS_MAX + 5_000,
  );

  test('a port that is taken is an operating failure that names it', async () => {
    const port = await start();
    const again = startHttp({
      port,
      host: '127.0.0.1',
      metrics: { text: async () => '', contentType: 'text/plain' },
      health: fine,
      ready: fine,
      onError: () => undefined,
    });
    const error = await again.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(OperatingError);
    expect(error).toMatchObject({ code: 'http-port', message: expect.stringContaining(`${port} on 127.0.0.1 cannot be listened on (EADDRINUSE)`) });
  });

  test('port 0 is off', async () => {
    const off = await startHttp({
      port: 0,
      host: '127.0.0.1',
      metrics: { text: async () => '', contentType: 'text/plain' },
      health: fine,
      ready: fine,
      onError: () => undefined,
    });
    expect(off.port).toBe(0);
    await off.close();
  });
});

/** What a raw client gets until the server closes. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let got = '';
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(text));
    socket.on('data', (bytes) => {
      got += bytes;
    });
    socket.on('error', () => resolve(got)).on('close', () => resolve(got));
  });
}

describe('clients that mean no good', () => {
  test('a head that is too long', async () => {
    const port = await start();
    expect(await raw(port, `GET /metrics HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(HTTP_HEAD_BYTES_MAX)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  });

  test('no HTTP at all', async () => {
    expect(await raw(await start(), 'EHLO there\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('a body is not waited for', async () => {
    const got = await raw(await start(), 'POST /metrics HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\nsome');
    expect(got).toMatch(/^HTTP\/1\.1 405 /);
  });

  test('more connections than the limit', async () => {
    const port = await start();
    const sockets = Array.from({ length: HTTP_CONNECTIONS_MAX + 8 }, () => connect({ port, host: '127.0.0.1' }));
    const ended = await new Promise<number>((resolve) => {
      let count = 0;
      for (const socket of sockets) {
        socket.on('error', () => undefined);
        socket.on('close', () => {
          if (++count === 8) resolve(count);
        });
      }
    });
    expect(ended).toBe(8);
    for (const socket of sockets) socket.destroy();
  });
});

describe('the metrics', () => {
  const metrics = createMetrics(new Vocabulary(['not-json', 'dispersed-fan-in', 'applied']));

  test('count, stand and spread', async () => {
    metrics.count('moneytrail_rejections_total', 2, { code: 'not-json' });
    metrics.count('moneytrail_rejections_total', 1, { code: 'not-json' });
    metrics.gauge('moneytrail_owner', 1);
    metrics.gauge('moneytrail_lag_records', 12, { partition: '3' });
    metrics.observe('moneytrail_batch_seconds', 0.2);
    const text = await metrics.text();
    expect(text).toContain('moneytrail_rejections_total{code="not-json"} 3');
    expect(text).toContain('moneytrail_owner 1');
    expect(text).toContain('moneytrail_lag_records{partition="3"} 12');
    expect(text).toContain('moneytrail_batch_seconds_bucket{le="0.25"} 1');
    expect(text).toContain('moneytrail_batch_seconds_bucket{le="0.1"} 0');
  });

  test('no value of a record becomes a label', async () => {
    metrics.count('moneytrail_records_total', 1, { outcome: CANARY });
    metrics.count('moneytrail_records_total', 1, { [CANARY]: CANARY, outcome: 'applied' });
    const text = await metrics.text();
    expect(text).toContain('moneytrail_records_total{outcome="other"} 1');
    expect(text).toContain('moneytrail_records_total{outcome="applied"} 1');
    expect(text).not.toContain(CANARY);
  });

  test('series have an end', async () => {
    const many = createMetrics(new Vocabulary());
    for (let i = 0; i < 5_000; i++) many.gauge('moneytrail_lag_records', i, { partition: String(i) });
    const lines = (await many.text()).split('\n').filter((line) => line.startsWith('moneytrail_lag_records{'));
    expect(lines).toHaveLength(2_001);
    expect(lines.at(-1)).toBe('moneytrail_lag_records{partition="other"} 4999');
  });
});
