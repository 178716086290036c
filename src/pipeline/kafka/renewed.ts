import { asking, Unanswered } from './errors.ts';

interface Client {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
}

const DISCONNECT_MS_MAX = 2000;

/**
 * A client of kafkajs, made again where a call did not come back in time: inside it something may wait for an answer that will never come, and every later
 * call with it. Every failure has a code.
 */
export class Renewed<C extends Client> {
  private readonly make: () => C;
  private client: C;
  private isConnected = false;

  constructor(make: () => C) {
    this.make = make;
    this.client = make();
  }

  /** Not needed before `ask`; for a start that says at once where Kafka cannot be reached. */
  async connect(): Promise<void> {
    if (this.isConnected) return;
    const { client } = this;
    await asking(() => client.connect());
    if (this.client === client) this.isConnected = true;
  }

  /** Bounded in time: it waits for what is still asked, and an outage must not hold up a stop. */
  async disconnect(): Promise<void> {
    if (this.isConnected) await asking(() => this.client.disconnect(), DISCONNECT_MS_MAX);
    this.isConnected = false;
  }

  async ask<T>(call: (client: C) => Promise<T>): Promise<T> {
    await this.connect();
    const { client } = this;
    try {
      return await asking(() => call(client));
    } catch (error) {
      if (error instanceof Unanswered && this.client === client) this.replace();
      throw error;
    }
  }

  private replace(): void {
    // It may hang as well, and nobody waits for it.
    this.client.disconnect().catch(() => undefined);
    this.client = this.make();
    this.isConnected = false;
  }
}
