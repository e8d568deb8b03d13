/** What a request of an experiment is for. `burst` and `lump` are open loop, `after` follows at once, one by one. */
export type Part = 'burst' | 'after' | 'probe' | 'refill' | 'fill' | 'lump' | 'comb';

/** One request of an experiment. Times are seconds on one clock; what decided on it fell between sending and receiving. */
export interface Shot {
  readonly part: Part;
  readonly sent: number;
  readonly received: number;
  /** Served by the service, whatever it said; or refused by the limiter. */
  readonly ok: boolean;
  /** Seconds that a refusal asked to wait, undefined where it said nothing that can be used. */
  readonly wait?: number;
  /** Seconds by which that may be off, where it was a date: dates are cut to whole seconds. */
  readonly slack?: number;
}

/** Time and a target, real or simulated. Times are seconds. */
export interface World {
  now(): number;
  waitUntil(time: number): Promise<void>;
  send(part: Part): Promise<Shot>;
}

/** What is expected of a limiter, at first as documented and then as estimated. */
export interface Expected {
  readonly limit: number;
  /** Seconds. */
  readonly window: number;
}

const FAST_PER_S = 150;
const SLOW_PER_S = 45;
const LONGEST_WAIT_S = 30;
const AFTERWARDS = 6;
/** Windows that a limiter may take to come back before nobody waits any longer, and how often it is asked in one. */
const PATIENCE = 6;
const POLLS_A_WINDOW = 4;
/** A burst without a slow zone: its edge does not matter. */
const NOWHERE = [0, 0] as const;

/** Sends, and remembers what was refused last and what it promised. */
class Prober {
  readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  /**
   * Open loop: a request leaves when it is due, whatever became of the others. Ends when a refusal has been received and
   * `further` more were sent.
   * @param slow from which request to which the edge of the limit may be: the pace drops there
   */
  async burst(part: Part, most: number, slow: readonly [number, number], further = 0): Promise<Shot[]> {
    const underWay: Promise<Shot>[] = [];
    let refusedAt: number | undefined;
    let due = this.world.now();
    for (let sent = 0; sent < most; sent++) {
      await this.world.waitUntil(due);
      if (refusedAt !== undefined && sent >= refusedAt + further) break;
      underWay.push(
        this.world.send(part).then((shot) => {
          if (!shot.ok) refusedAt ??= underWay.length;
          return shot;
        }),
      );
      due += sent >= slow[0] && sent < slow[1] ? 1 / SLOW_PER_S : 1 / FAST_PER_S;
    }
    return Promise.all(underWay);
  }

  async inTurn(part: Part, count: number): Promise<Shot[]> {
    const shots: Shot[] = [];
    for (let sent = 0; sent < count; sent++) shots.push(await this.world.send(part));
    return shots;
  }

  /** Says nothing until the last of the promises is over, and asks once. */
  async silence(shots: readonly Shot[], fallback: number): Promise<Shot> {
    const refused = shots.filter(({ ok }) => !ok);
    const until = refused.map(
      ({ received, wait, slack = 0 }) => received + Math.min(wait ?? fallback, LONGEST_WAIT_S) + slack,
    );
    await this.world.waitUntil(Math.max(this.world.now(), ...until) + 0.02);
    return this.world.send('probe');
  }
}

/** E1: a burst until it is refused, silence as promised, one probe, and a small burst. */
export async function firstCycle(world: World, { limit, window }: Expected): Promise<void> {
  const prober = new Prober(world);
  const began = world.now();
  const burst = await prober.burst('burst', 3 * limit, [0.8 * limit, 1.2 * limit]);
  if (burst.every(({ ok }) => ok)) return; // three times the quota, and no limit
  const served = burst.filter(({ ok }) => ok).length;
  const after = await prober.inTurn('after', AFTERWARDS);
  let probe = await prober.silence([...burst, ...after], window);
  for (let again = 0; again < AFTERWARDS && !probe.ok; again++) probe = await prober.silence([probe], window);
  while (!probe.ok && world.now() < began + PATIENCE * window) {
    await world.waitUntil(world.now() + window / POLLS_A_WINDOW);
    probe = await world.send('probe');
  }
  const refill = await prober.burst('refill', Math.min(20, Math.max(2, Math.round(served / 5))), NOWHERE);
  if (refill.some(({ ok }) => !ok)) await prober.silence(refill, window);
}

/** How cycles differ: how full the first lump is, when the second comes, and how long it is quiet before. */
const VARIANTS = [
  { share: 0.5, gap: 0.5, idle: 1.35 },
  { share: 0.35, gap: 0.62, idle: 1.61 },
  { share: 0.6, gap: 0.4, idle: 1.83 },
] as const;

/** A limit that is expected to be so many times the documented one at most: what is larger costs more than it tells. */
export const LARGEST = 1.5;

/** How many further cycles there are. */
export const FURTHER_CYCLES = VARIANTS.length;

/**
 * E2 to E4: two lumps in one window, a comb of probes around the promise, a burst into what is free again. 1.35 windows
 * of rest, and not one: a window that starts with a request and one that starts by the clock must come apart.
 * @param turn 0 to 2
 * @param over when the last cycle was over
 */
export async function furtherCycle(
  world: World,
  expected: Expected,
  turn: number,
  over: number,
): Promise<void> {
  const { share, gap, idle } = VARIANTS[turn] ?? VARIANTS[0];
  const { limit, window } = expected;
  const prober = new Prober(world);
  await world.waitUntil(over + idle * window);
  const began = world.now();
  const held = Math.round(share * limit);
  await prober.burst('fill', held, NOWHERE);
  await world.waitUntil(began + gap * window);
  // What is sent after the first refusal makes it show whether refusals are counted.
  const further = Math.round(0.3 * limit);
  const edge = [limit - held - 0.2 * limit, limit - held + 0.2 * limit] as const;
  const lump = await prober.burst('lump', 2 * limit + further, edge, further);
  const after = await prober.inTurn('after', AFTERWARDS);
  const lumpEnd = world.now();
  const found = await comb(world, [...lump, ...after], { began, window, lumpEnd });
  const size = Math.round(0.6 * limit);
  if (found === undefined) {
    const probe = await prober.silence(after, window);
    if (probe.ok) await prober.burst('refill', size, NOWHERE);
    return;
  }
  if (found.received - lumpEnd < SOON_S) await world.waitUntil(world.now() + 0.2 * window);
  const refill = await prober.burst('refill', size, NOWHERE);
  if (refill.some(({ ok }) => !ok)) await prober.silence(refill, window);
}

/** Served so soon after the lump, a place is one that a bucket gave back. */
const SOON_S = 1.2;

interface Times {
  readonly began: number;
  readonly window: number;
  readonly lumpEnd: number;
}

/** Probes until one is served: thin while the promise is far, dense around it. Undefined where none was. */
async function comb(world: World, lump: readonly Shot[], times: Times): Promise<Shot | undefined> {
  const { began, window, lumpEnd } = times;
  const first = Math.min(...lump.filter(({ ok }) => !ok).map(promiseOf));
  let promise = first;
  let recedes = false;
  let firstServed: Shot | undefined;
  let served = 0;
  while (world.now() <= (recedes ? lumpEnd + 1.3 * window : began + 2 * window)) {
    await world.waitUntil(nextTooth(world.now(), promise, recedes ? undefined : stepOf(window), window));
    const shot = await world.send('comb');
    if (shot.ok) {
      served += 1;
      firstServed ??= shot;
      if (firstServed.received - lumpEnd >= SOON_S || served >= 3) return firstServed;
      continue;
    }
    promise = Math.min(promise, promiseOf(shot));
    recedes ||= shot.sent + (shot.wait ?? 0) > first + 1.7;
  }
  return firstServed;
}

/** Seconds between probes while the promise is far. */
const stepOf = (window: number): number => 0.5 * Math.min(1, window / 10);

/** Probes of a further cycle at most: thin ones for two windows, the dense ones around the promise, and those of silence. */
export function mostProbes(window: number): number {
  return Math.ceil((2 * window) / stepOf(window)) + 20 + AFTERWARDS;
}

/** @param step undefined where every refusal moves the promise: then probes are rare */
function nextTooth(now: number, promise: number, step: number | undefined, window: number): number {
  if (step === undefined) return now + window / 5;
  const near = promise - 1.1;
  if (now >= near && now <= promise + 0.5) return now + 0.1;
  // Never over the promise in one leap.
  return now < near ? Math.min(now + step, near) : now + step;
}

function promiseOf({ received, wait }: Shot): number {
  return wait === undefined ? Infinity : received + wait;
}
