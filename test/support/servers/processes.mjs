/** Starting, waiting for and stopping the servers' processes. Whatever was started here ends with this process. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Whether a program is on the path. */
export function hasProgram(name, args = ['--version']) {
  return spawnSync(name, args, { stdio: 'ignore' }).error === undefined;
}

/** A port of 127.0.0.1 that nobody listens on at the moment. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const answer = (yes) => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
  });
}

/** One server process, with its output in a file. */
export class ServerProcess {
  constructor(program, args, { logFile, port, cwd, env, readyMs = 60_000 }) {
    Object.assign(this, { program, args, logFile, port, cwd, env, readyMs, child: null });
  }

  get pid() {
    return this.child?.pid ?? null;
  }

  /** Starts the process and waits until its port answers. Throws with the end of its output where it dies before. */
  async start() {
    if (this.child !== null) throw new Error(`${this.program} runs already`);
    if (await accepts(this.port)) throw new Error(`port ${this.port} is taken, so ${this.program} cannot start on it`);
    const log = openSync(this.logFile, 'a');
    const child = spawn(this.program, this.args, { cwd: this.cwd, env: this.env ?? process.env, stdio: ['ignore', log, log] });
    closeSync(log);
    this.child = child;
    running.add(child);
    this.ended = new Promise((resolve) => {
      const end = () => {
        running.delete(child);
        if (this.child === child) this.child = null;
        resolve();
      };
      child.once('exit', end).once('error', end);
    });
    const until = Date.now() + this.readyMs;
    while (!(await accepts(this.port))) {
      if (this.child !== child) throw new Error(`${this.program} ended before it was ready:\n${this.tail()}`);
      if (Date.now() > until) {
        await this.kill();
        throw new Error(`${this.program} was not ready after ${this.readyMs} ms:\n${this.tail()}`);
      }
      await sleep(50);
    }
  }

  /** Asks the process to end and waits; insists after a while. */
  async stop(graceMs = 15_000) {
    if (this.child === null) return;
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child?.kill('SIGKILL'), graceMs);
    await this.ended;
    clearTimeout(timer);
  }

  async kill() {
    if (this.child === null) return;
    this.child.kill('SIGKILL');
    await this.ended;
  }

  tail() {
    return readFileSync(this.logFile, 'utf8').split('\n').slice(-15).join('\n');
  }
}
