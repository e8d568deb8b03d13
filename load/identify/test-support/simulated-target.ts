import type { Part, Shot, World } from '../../scripts/experiments.ts';

/** Seconds until a place is free, undefined where there is one now. */
export type Decide = (now: number) => number | undefined;

export interface Network {
  /** Seconds there and back, as a rule. */
  readonly roundTrip: number;
  /** Spread of the logarithm of a way. */
  readonly spread: number;
  /** Share of ways that take a tenth to half a second longer. */
  readonly spikes: number;
}

export interface Simulation {
  readonly decide: Decide;
  readonly network: Network;
  readonly random: () => number;
  /** Seconds on the clock. */
  readonly start: number;
  /** What a refusal promises, of the seconds that are left; undefined where it promises nothing. */
  readonly waitOf?: (left: number) => number | undefined;
}

const sound = (left: number): number => Math.max(1, Math.ceil(left));

interface Event {
  readonly at: number;
  readonly order: number;
  fire(): void;
}

/** Test support: a limiter behind a network, in time that passes only when nothing else is left to do. */
export class SimulatedWorld implements World {
  /** Everything that was sent, in the order of its answers. */
  readonly shots: Shot[] = [];
  readonly #decide: Decide;
  readonly #network: Network;
  readonly #random: () => number;
  readonly #waitOf: (left: number) => number | undefined;
  readonly #events: Event[] = [];
  #now: number;
  #order = 0;

  constructor({ decide, network, random, start, waitOf = sound }: Simulation) {
    this.#decide = decide;
    this.#network = network;
    this.#random = random;
    this.#now = start;
    this.#waitOf = waitOf;
  }

  now(): number {
    return this.#now;
  }

  waitUntil(time: number): Promise<void> {
    return new Promise((resolve) => this.#at(Math.max(time, this.#now), resolve));
  }

  send(part: Part): Promise<Shot> {
    const sent = this.#now;
    return new Promise((resolve) => {
      this.#at(sent + this.#way(), () => {
        const left = this.#decide(this.#now);
        this.#at(this.#now + this.#way(), () => {
          const wait = left === undefined ? undefined : this.#waitOf(left);
          const refused = wait === undefined ? {} : { wait };
          const shot: Shot = { part, sent, received: this.#now, ok: left === undefined, ...refused };
          this.shots.push(shot);
          resolve(shot);
        });
      });
    });
  }

  /** Lets time pass until `work` is done. */
  async run<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const done = work.finally(() => (isDone = true));
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isDone) return done;
      const next = this.#events.shift();
      if (next === undefined) throw new Error('nothing is left to wait for');
      this.#now = next.at;
      next.fire();
    }
  }

  #at(at: number, fire: () => void): void {
    const event = { at, order: this.#order++, fire };
    const place = this.#events.findIndex((one) => one.at > at);
    this.#events.splice(place === -1 ? this.#events.length : place, 0, event);
  }

  #way(): number {
    const { roundTrip, spread, spikes } = this.#network;
    const way = (roundTrip / 2) * Math.exp(spread * this.#normal());
    return this.#random() < spikes ? way + 0.1 + 0.4 * this.#random() : way;
  }

  /** Box and Muller. */
  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.#random())) * Math.cos(2 * Math.PI * this.#random());
  }
}
