/** A proxy between a client and a server of 127.0.0.1 that can lose the connection, be slow, or swallow answers. */
import { connect, createServer } from 'node:net';

/**
 * @param {number} targetPort
 * @param {number} [port] any free one unless given
 */
export async function startProxy(targetPort, port = 0) {
  const links = new Set();
  const faults = { delayMs: 0, dropReplies: false, refuse: false };
  const server = createServer((client) => {
    if (faults.refuse) return client.destroy();
    const upstream = connect({ port: targetPort, host: '127.0.0.1' });
    const link = { client, upstream };
    links.add(link);
    const close = () => {
      links.delete(link);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.setNoDelay(true).on('error', close).on('close', close);
    client.on('data', (bytes) => pass(bytes, upstream));
    upstream.on('data', (bytes) => {
      if (!faults.dropReplies) pass(bytes, client);
    });
  });
  const pass = (bytes, to) => {
    if (faults.delayMs === 0) to.write(bytes);
    else setTimeout(() => to.write(bytes), faults.delayMs);
  };
  const cut = () => {
    for (const { client, upstream } of links) {
      client.destroy();
      upstream.destroy();
    }
  };
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    /** Set `delayMs`, `dropReplies` (requests arrive, answers are lost) or `refuse` (new connections are closed at once). */
    faults,
    /** Ends every connection that is open now. */
    cut,
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
