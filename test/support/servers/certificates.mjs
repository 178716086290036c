/** A certificate authority of our own and a server's and a client's certificate from it, made with `openssl`, good for two days. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes them in `dir`, for `localhost` and 127.0.0.1.
 *
 * @returns {{ caFile: string, certFile: string, keyFile: string, keyStore: string, clientCertFile: string, clientKeyFile: string }} `keyStore` is key and chain in one PEM file
 */
export function makeCertificates(dir) {
  mkdirSync(dir, { recursive: true });
  const at = (name) => join(dir, name);
  openssl(dir, 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=moneytrail-test-ca -keyout ca.key -out ca.pem');
  for (const name of ['server', 'client']) {
    openssl(dir, `req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=${name} -keyout ${name}.key -out ${name}.csr`);
    writeFileSync(at(`${name}.ext`), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
    openssl(dir, `x509 -req -in ${name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ${name}.ext -out ${name}.pem`);
  }
  writeFileSync(at('keystore.pem'), readFileSync(at('server.key'), 'utf8') + readFileSync(at('server.pem'), 'utf8') + readFileSync(at('ca.pem'), 'utf8'));
  return {
    caFile: at('ca.pem'),
    certFile: at('server.pem'),
    keyFile: at('server.key'),
    keyStore: at('keystore.pem'),
    clientCertFile: at('client.pem'),
    clientKeyFile: at('client.key'),
  };
}

function openssl(cwd, command) {
  const done = spawnSync('openssl', command.split(' '), { cwd, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`openssl ${command.split(' ')[0]} failed: ${done.error?.message ?? done.stderr}`);
}
