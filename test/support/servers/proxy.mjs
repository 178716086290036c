/** A proxy between a client and a server of 127.0.0.1 that can lose the connection, be slow, or swallow answers. */
import { connect, createServer } from 'node:net';

/** Time for the client to read the half of an answer, which a reset would throw away. */
const HALF_READ_MS = 50;

/**
 * @param {number} targetPort
 * @param {number} [port] any free one unless given
 */
export async function startProxy(targetPort, port = 0) {
  const links = new Set();
  const faults = { delayMs: 0, dropReplies: false, refuse: false, cutReplyOver: 0 };
  const server = createServer((client) => {
    if (faults.refuse) return client.destroy();
    const upstream = connect({ port: targetPort, host: '127.0.0.1' });
    const link = { client, upstream, isMute: false };
    links.add(link);
    const close = () => {
      links.delete(link);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.setNoDelay(true).on('error', close).on('close', close);
    client.on('data', (bytes) => {
      if (!link.isMute) pass(bytes, upstream);
    });
    upstream.on('data', (bytes) => {
      if (link.isMute) return;
      if (faults.cutReplyOver > 0 && bytes.length > faults.cutReplyOver) {
        faults.cutReplyOver = 0;
        client.write(bytes.subarray(0, bytes.length / 2), () => setTimeout(() => client.resetAndDestroy(), HALF_READ_MS));
      } else if (!faults.dropReplies) pass(bytes, client);
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
  const listen = (on) => new Promise((resolve, reject) => server.once('error', reject).listen(on, '127.0.0.1', resolve));
  await listen(port);
  const listening = server.address().port;
  return {
    port: listening,
    /**
     * Set `delayMs`, `dropReplies` (requests arrive, answers are lost), `refuse` (new connections are closed at once) or `cutReplyOver` (the next piece of
     * an answer that has more bytes than this is passed by half, and the connection is reset).
     */
    faults,
    /** Ends every connection that is open now. */
    cut,
    /** Nothing passes any more over the connections that are open now, and nobody is told: as where a firewall forgets them. */
    mute() {
      for (const link of links) link.isMute = true;
    },
    /** Ends every connection, and until `back` new ones are refused as by a server that does not run. */
    async away() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
    back: () => listen(listening),
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
