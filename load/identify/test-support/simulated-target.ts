import type { Counter } from '../../../fixtures/provider/limiter/limiter-families.ts';
import type { ExperimentStep, ExperimentTarget } from '../../scripts/limiter/experiments.ts';
import type { LimiterExchange } from '../../scripts/trace.ts';

export interface Network {
  /** The usual round-trip time in milliseconds. */
  readonly roundTripMs: number;
  /** The standard deviation of the logarithm of a one-way time. */
  readonly spread: number;
  /** The share of one-way times that are 0.1 to 0.5 s longer. */
  readonly spikes: number;
}

export interface Simulation {
  readonly limiter: Counter;
  readonly network: Network;
  readonly random: () => number;
  /** The time at the start in milliseconds. */
  readonly startMs: number;
  /** The announced seconds for the seconds until a permit is free; undefined without Retry-After. */
  readonly announce?: (seconds: number) => number | undefined;
}

const announceCorrectly = (seconds: number): number => Math.max(1, Math.ceil(seconds));

interface Event {
  readonly at: number;
  fire(): void;
}

/** A limiter behind a network, in simulated time. */
export class SimulatedTarget implements ExperimentTarget {
  /** All exchanges in the order of their responses. */
  readonly exchanges: LimiterExchange[] = [];
  readonly #simulation: Simulation;
  readonly #events: Event[] = [];
  #now: number;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    this.#now = simulation.startMs;
  }

  now(): number {
    return this.#now;
  }

  waitUntil(time: number): Promise<void> {
    return new Promise((resolve) => this.#schedule(Math.max(time, this.#now), resolve));
  }

  send(step: ExperimentStep): Promise<LimiterExchange> {
    const sentAt = this.#now;
    return new Promise((resolve) => {
      this.#schedule(sentAt + this.#oneWayMs(), () => {
        const remainingMs = this.#simulation.limiter.take(this.#now);
        this.#schedule(this.#now + this.#oneWayMs(), () => {
          const exchange = this.#exchange(step, sentAt, remainingMs);
          this.exchanges.push(exchange);
          resolve(exchange);
        });
      });
    });
  }

  /** Advances the time until the work is done. */
  async run<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const done = work.finally(() => (isDone = true));
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isDone) return done;
      const next = this.#events.shift();
      if (next === undefined) throw new Error('no event is scheduled');
      this.#now = next.at;
      next.fire();
    }
  }

  #exchange(step: ExperimentStep, sentAt: number, remainingMs: number | undefined): LimiterExchange {
    const { announce = announceCorrectly } = this.#simulation;
    const announced = remainingMs === undefined ? undefined : announce(remainingMs / 1000);
    return {
      step,
      sentAt,
      receivedAt: this.#now,
      status: remainingMs === undefined ? 200 : 429,
      retryAfter: announced === undefined ? null : String(announced),
      date: null,
    };
  }

  #schedule(at: number, fire: () => void): void {
    const index = this.#events.findIndex((one) => one.at > at);
    this.#events.splice(index === -1 ? this.#events.length : index, 0, { at, fire });
  }

  #oneWayMs(): number {
    const { network, random } = this.#simulation;
    const oneWay = (network.roundTripMs / 2) * Math.exp(network.spread * this.#normal());
    return random() < network.spikes ? oneWay + 100 + 400 * random() : oneWay;
  }

  /** A normally distributed number, by the method of Box and Muller. */
  #normal(): number {
    const { random } = this.#simulation;
    return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  }
}
