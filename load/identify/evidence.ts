import type { Model, Parameters, Replay } from './families.ts';
import type { Feed } from './trace.ts';

// Of its own: where tests run, every look at a global costs more than the logarithm.
const { exp, floor, log: ln, max, min, round, sqrt } = Math;

/** A model with everything fixed, as well as it explains the trace. */
export interface Fit {
  readonly parameters: Parameters;
  readonly limit: number;
  /** Requests of others per second. */
  readonly hidden: number;
  /** Log-likelihood with its prior. */
  readonly score: number;
}

export interface Evidence {
  /** Logarithm of how well the family explains the trace, averaged over its parameters: that is Occam's razor. */
  readonly log: number;
  readonly best: Fit;
  /** Share of the evidence that lies within about a second of one window; 1 for families without one. */
  readonly windowMass: number;
}

/** Served although the model forbids it; refused although it allows it, by requests of others for one. */
const SERVED_AGAINST = 0.006;
const REFUSED_AGAINST = 0.03;
const SHARPNESS = 0.13;
const LIMITS = 400;
const TOP = 120;
const REFINED = 8;
/** A bucket gives back hundreds while it is watched: a rate that is half a percent off is a place or two off. */
const CLOSER = 0.2;

/** Requests of others per second, with their prior. */
const HIDDEN = [
  [0, 0.7],
  [0.3, 0.1],
  [1, 0.1],
  [2, 0.1],
] as const;

interface Candidate {
  readonly parameters: Parameters;
  readonly prior: number;
  readonly hidden: number;
  readonly hiddenPrior: number;
  readonly limit: number;
  readonly score: number;
}

/** How well a family explains what was observed, over all its parameters. */
export function evidenceOf(model: Model, feed: Feed): Evidence {
  const coarse = model.grid.flatMap(({ parameters, prior }) => candidates(model, feed, parameters, prior));
  const top = coarse.toSorted(byScore).slice(0, TOP);
  const near = refined(model, feed, top, 1);
  const all = [...top, ...near, ...refined(model, feed, near, CLOSER)].flatMap((candidate) =>
    weigh(model, feed, candidate),
  );
  const total = logSumExp(all.map(({ term }) => term));
  const best = all.toSorted((a, b) => b.fit.score - a.fit.score)[0]?.fit;
  if (best === undefined) throw new Error('a family without parameters');
  return { log: total, best, windowMass: massOf(all, total) };
}

/** The best of what lies around the best. */
function refined(model: Model, feed: Feed, best: readonly Candidate[], scale: number): Candidate[] {
  const worth = best.filter(({ hidden }, rank) => rank < REFINED && hidden <= 0.3);
  const around = worth.flatMap(({ parameters, prior }) => {
    const near = model.neighbours(parameters, scale);
    return near.flatMap((one) => candidates(model, feed, one, prior / near.length));
  });
  return around.toSorted(byScore).slice(0, TOP);
}

const byScore = (a: Candidate, b: Candidate): number => b.score - a.score;

/** The best limit for these parameters, for each rate of hidden requests that the family can have. */
function candidates(model: Model, feed: Feed, parameters: Parameters, prior: number): Candidate[] {
  const replay = model.replay(parameters, feed);
  const rates = model.isShared ? HIDDEN : HIDDEN.slice(0, 1);
  return rates.map(([hidden, hiddenPrior]) => {
    const { limit, log } = bestLimit(loadWith(replay, hidden), feed.ok);
    return { parameters, prior, hidden, hiddenPrior, limit, score: log + ln(prior * hiddenPrior) };
  });
}

function loadWith({ load, elapsed }: Replay, hidden: number): Float64Array {
  return hidden === 0 ? load : load.map((value, index) => value + hidden * (elapsed[index] ?? 0));
}

const AGAINST = {
  served: ln(SERVED_AGAINST),
  refused: ln(REFUSED_AGAINST),
  none: ln(0.99),
};

/** Counted in anew for every model: thousands of them a second. */
const SCRATCH = { served: new Uint32Array(LIMITS + 1), refused: new Uint32Array(LIMITS + 1) };

/** The likelihood of all limits at once: a sum for each limit of what it forbids and what it allows. */
function bestLimit(load: Float64Array, ok: Uint8Array): { limit: number; log: number } {
  const served = SCRATCH.served.fill(0);
  const refused = SCRATCH.refused.fill(0);
  let allServed = 0;
  for (let index = 0; index < load.length; index++) {
    const place = min(LIMITS, max(0, floor((load[index] ?? 0) + 1e-6)));
    if (ok[index] === 1) {
      served[place] = (served[place] ?? 0) + 1;
      allServed += 1;
    } else refused[place] = (refused[place] ?? 0) + 1;
  }
  let best = { limit: 1, log: -Infinity };
  let [servedBelow, refusedBelow] = [0, 0];
  for (let limit = 1; limit <= LIMITS; limit++) {
    servedBelow += served[limit - 1] ?? 0;
    refusedBelow += refused[limit - 1] ?? 0;
    const against = allServed - servedBelow;
    const log =
      against * AGAINST.served +
      refusedBelow * AGAINST.refused +
      (load.length - against - refusedBelow) * AGAINST.none;
    if (log > best.log) best = { limit, log };
  }
  return best;
}

interface Weighed {
  readonly term: number;
  readonly fit: Fit;
}

/** The likelihood proper, around the best limit. */
function weigh(model: Model, feed: Feed, candidate: Candidate): Weighed[] {
  const { parameters, prior, limit, hidden, hiddenPrior } = candidate;
  const replay = model.replay(parameters, feed);
  const rates = model.isShared ? ([[hidden, hiddenPrior]] as const) : HIDDEN;
  return rates.map(([rate, ratePrior]) => {
    const load = model.isShared ? loadWith(replay, rate) : replay.load;
    const reach = rate > 0 ? 8 : 4;
    const limits = Array.from({ length: 2 * reach + 1 }, (_, step) => limit - reach + step).filter(
      (one) => one >= 1,
    );
    const sharpness = sharpnessOf(model, feed, { parameters, limit });
    const logs = limits.map((one) =>
      likelihood({ load, elapsed: replay.elapsed }, feed.ok, one, { rate, sharpness }),
    );
    const most = max(...logs);
    const weight = ln(prior * ratePrior);
    const fit = {
      parameters,
      limit: limits[logs.indexOf(most)] ?? limit,
      hidden: rate,
      score: most + weight,
    };
    return { term: logSumExp(logs) - ln(LIMITS) + weight, fit };
  });
}

/** How sharp the edge of a limit is, in places. */
function sharpnessOf(
  model: Model,
  { jitter }: Feed,
  { parameters, limit }: Pick<Fit, 'parameters' | 'limit'>,
): number {
  return sqrt(SHARPNESS ** 2 + (jitter * model.givesBack(parameters, limit)) ** 2);
}

function likelihood(
  { load, elapsed }: Replay,
  ok: Uint8Array,
  limit: number,
  { rate, sharpness }: { readonly rate: number; readonly sharpness: number },
): number {
  let sum = 0;
  for (let index = 0; index < load.length; index++) {
    const width = rate === 0 ? sharpness : sqrt(sharpness ** 2 + 0.3 * rate * (elapsed[index] ?? 0));
    const room = (limit - 0.5 - (load[index] ?? 0)) / width;
    const isServed = ok[index] === 1;
    // Far from the limit the chance does not change any more, and that is nearly everywhere.
    if (room > FAR) sum += isServed ? SURE.served : SURE.refusedAgainst;
    else if (room < -FAR) sum += isServed ? SURE.servedAgainst : SURE.refused;
    else sum += ln(isServed ? chanceOfService(room) : 1 - chanceOfService(room));
  }
  return sum;
}

const FAR = 12;
const SURE = {
  served: ln(1 - REFUSED_AGAINST),
  refused: ln(1 - SERVED_AGAINST),
  servedAgainst: ln(SERVED_AGAINST),
  refusedAgainst: ln(REFUSED_AGAINST),
} as const;

function chanceOfService(room: number): number {
  return SERVED_AGAINST + (1 - SERVED_AGAINST - REFUSED_AGAINST) / (1 + exp(-room));
}

/** Requests that the best fit did not expect. */
export function surprisesIn(model: Model, feed: Feed, fit: Fit): number {
  const { parameters, limit, hidden } = fit;
  const sharpness = sharpnessOf(model, feed, fit);
  const replay = model.replay(parameters, feed);
  const load = model.isShared ? loadWith(replay, hidden) : replay.load;
  let count = 0;
  for (let index = 0; index < load.length; index++) {
    const served = chanceOfService((limit - 0.5 - (load[index] ?? 0)) / sharpness);
    if ((feed.ok[index] === 1 ? served : 1 - served) < 0.06) count += 1;
  }
  return count;
}

export function logSumExp(logs: readonly number[]): number {
  const most = max(...logs);
  return most === -Infinity ? most : most + ln(logs.reduce((sum, log) => sum + exp(log - most), 0));
}

function massOf(all: readonly Weighed[], total: number): number {
  const bins = new Map<number, number>();
  for (const { term, fit } of all) {
    const { window } = fit.parameters;
    if (window === undefined) return 1;
    const bin = round(window * 2);
    bins.set(bin, (bins.get(bin) ?? 0) + exp(term - total));
  }
  const around = [...bins.keys()].map((bin) =>
    [bin - 1, bin, bin + 1].reduce((sum, one) => sum + (bins.get(one) ?? 0), 0),
  );
  return max(...around);
}
