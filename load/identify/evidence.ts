import { MAX_MODEL_LIMIT } from '../timing.ts';
import type { LimiterModel, ModelStates, Parameters } from './families.ts';
import type { Feed } from './feed.ts';

// Local copies, because property access on a global is slow in these loops.
const { exp, floor, log: ln, max, min, round, sqrt } = Math;

/** A model with fixed parameters and the score of how well it explains the trace. */
export interface Fit {
  readonly parameters: Parameters;
  readonly limit: number;
  /** Requests of other clients per second. */
  readonly hidden: number;
  /** Log-likelihood with its prior. */
  readonly score: number;
}

export interface Evidence {
  /** Logarithm of the likelihood of the trace, averaged over the parameters of the family, which penalizes complexity. */
  readonly log: number;
  readonly best: Fit;
  /** Share of the evidence within about a second of one window; 1 for families without a window. */
  readonly windowMass: number;
}

/** Probability that a request is allowed although the model forbids it. */
const UNEXPECTEDLY_ALLOWED = 0.006;
/** Probability that a request is throttled although the model allows it, for example because of other clients. */
const UNEXPECTEDLY_THROTTLED = 0.03;
/** Uncertainty of the load at the limit, in permits. */
const MIN_WIDTH = 0.13;
const MAX_CANDIDATES = 120;
const MAX_REFINED = 8;
/** Candidates with more hidden load are not refined. */
const MAX_REFINED_HIDDEN = 0.3;
/** The second refinement. A bucket refills hundreds of permits during a trace, so small errors of its rate matter. */
const FINE_SCALE = 0.2;

/** Requests of other clients per second, with their prior probability. */
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

/** Evaluates how well a family explains a trace, over all its parameters. */
export function evidenceOf(model: LimiterModel, feed: Feed): Evidence {
  const coarse = model.grid.flatMap(({ parameters, prior }) => candidates(model, feed, parameters, prior));
  const top = coarse.toSorted(byScore).slice(0, MAX_CANDIDATES);
  const near = refined(model, feed, top, 1);
  const all = [...top, ...near, ...refined(model, feed, near, FINE_SCALE)].flatMap((candidate) =>
    weigh(model, feed, candidate),
  );
  const total = logSumExp(all.map(({ term }) => term));
  const best = all.toSorted((a, b) => b.fit.score - a.fit.score)[0]?.fit;
  if (best === undefined) throw new Error('the family has no parameters');
  return { log: total, best, windowMass: windowMassOf(all, total) };
}

/** The best neighbours of the best candidates. */
function refined(model: LimiterModel, feed: Feed, best: readonly Candidate[], scale: number): Candidate[] {
  const selected = best.filter(({ hidden }, rank) => rank < MAX_REFINED && hidden <= MAX_REFINED_HIDDEN);
  const around = selected.flatMap(({ parameters, prior }) => {
    const near = model.neighbours(parameters, scale);
    return near.flatMap((one) => candidates(model, feed, one, prior / near.length));
  });
  return around.toSorted(byScore).slice(0, MAX_CANDIDATES);
}

const byScore = (a: Candidate, b: Candidate): number => b.score - a.score;

/** The best limit for these parameters, for each rate of requests of other clients. */
function candidates(model: LimiterModel, feed: Feed, parameters: Parameters, prior: number): Candidate[] {
  const states = model.simulate(parameters, feed);
  const rates = model.isShared ? HIDDEN : HIDDEN.slice(0, 1);
  return rates.map(([hidden, hiddenPrior]) => {
    const { limit, log } = bestLimit(loadWith(states, hidden), feed.allowed);
    return { parameters, prior, hidden, hiddenPrior, limit, score: log + ln(prior * hiddenPrior) };
  });
}

function loadWith({ load, elapsed }: ModelStates, hidden: number): Float64Array {
  if (hidden === 0) return load;
  const sum = new Float64Array(load.length);
  for (let index = 0; index < load.length; index++) {
    sum[index] = (load[index] ?? 0) + hidden * (elapsed[index] ?? 0);
  }
  return sum;
}

const LOG = {
  unexpectedlyAllowed: ln(UNEXPECTEDLY_ALLOWED),
  unexpectedlyThrottled: ln(UNEXPECTEDLY_THROTTLED),
  expected: ln(0.99),
};

/** Histograms that are reused, because thousands of models are evaluated per second. */
const HISTOGRAMS = {
  allowed: new Uint32Array(MAX_MODEL_LIMIT + 1),
  throttled: new Uint32Array(MAX_MODEL_LIMIT + 1),
};

/** The bin of a load in a histogram. */
function binOf(load: number): number {
  return min(MAX_MODEL_LIMIT, max(0, floor(load + 1e-6)));
}

/** Computes an approximate likelihood of all limits at once, from histograms of the load. */
function bestLimit(load: Float64Array, allowed: Uint8Array): { limit: number; log: number } {
  const allowedAt = HISTOGRAMS.allowed.fill(0);
  const throttledAt = HISTOGRAMS.throttled.fill(0);
  let [allAllowed, lastBin] = [0, 0];
  for (let index = 0; index < load.length; index++) {
    const bin = binOf(load[index] ?? 0);
    if (bin > lastBin) lastBin = bin;
    if (allowed[index] === 1) {
      allowedAt[bin] = (allowedAt[bin] ?? 0) + 1;
      allAllowed += 1;
    } else throttledAt[bin] = (throttledAt[bin] ?? 0) + 1;
  }
  let best = { limit: 1, log: -Infinity };
  let [allowedBelow, throttledBelow] = [0, 0];
  const maxLimit = min(MAX_MODEL_LIMIT, lastBin + 1); // larger limits have the same likelihood
  for (let limit = 1; limit <= maxLimit; limit++) {
    allowedBelow += allowedAt[limit - 1] ?? 0;
    throttledBelow += throttledAt[limit - 1] ?? 0;
    const allowedAbove = allAllowed - allowedBelow;
    const log =
      allowedAbove * LOG.unexpectedlyAllowed +
      throttledBelow * LOG.unexpectedlyThrottled +
      (load.length - allowedAbove - throttledBelow) * LOG.expected;
    if (log > best.log) best = { limit, log };
  }
  return best;
}

interface WeightedFit {
  readonly term: number;
  readonly fit: Fit;
}

/** Computes the exact likelihood of the limits around the best one. */
function weigh(model: LimiterModel, feed: Feed, candidate: Candidate): WeightedFit[] {
  const { parameters, prior, limit, hidden, hiddenPrior } = candidate;
  const states = model.simulate(parameters, feed);
  const load = model.isShared ? loadWith(states, hidden) : states.load;
  const sorted = sortByLoad({ load, elapsed: states.elapsed }, feed.allowed);
  const width = widthOf(model, feed, { parameters, limit });
  const rates = model.isShared ? ([[hidden, hiddenPrior]] as const) : HIDDEN;
  return rates.map(([rate, ratePrior]) => {
    const reach = rate > 0 ? 8 : 4;
    const limits = Array.from({ length: 2 * reach + 1 }, (_, step) => limit - reach + step).filter(
      (one) => one >= 1,
    );
    const logs = limits.map((one) => likelihood(sorted, one, { rate, width }));
    const maximum = max(...logs);
    const weight = ln(prior * ratePrior);
    const fit = {
      parameters,
      limit: limits[logs.indexOf(maximum)] ?? limit,
      hidden: rate,
      score: maximum + weight,
    };
    return { term: logSumExp(logs) - ln(MAX_MODEL_LIMIT) + weight, fit };
  });
}

/** The uncertainty of the load at the limit, in permits. It grows with the jitter if permits are refilled continuously. */
function widthOf(
  model: LimiterModel,
  { jitter }: Feed,
  { parameters, limit }: Pick<Fit, 'parameters' | 'limit'>,
): number {
  return sqrt(MIN_WIDTH ** 2 + (jitter * model.refillRate(parameters, limit)) ** 2);
}

/** Decisions in the order of their load, so that all decisions far from a limit are evaluated at once. */
interface SortedDecisions {
  readonly load: Float64Array;
  readonly elapsed: Float64Array;
  readonly allowed: Uint8Array;
  readonly maxElapsed: number;
  /** The number of decisions with a load below each whole number, and how many of them were allowed. */
  readonly below: Uint32Array;
  readonly allowedBelow: Uint32Array;
}

function sortByLoad({ load, elapsed }: ModelStates, allowed: Uint8Array): SortedDecisions {
  const { length } = load;
  const below = new Uint32Array(MAX_MODEL_LIMIT + 2);
  const allowedBelow = new Uint32Array(MAX_MODEL_LIMIT + 2);
  for (let index = 0; index < length; index++) {
    const bin = binOf(load[index] ?? 0);
    below[bin + 1] = (below[bin + 1] ?? 0) + 1;
    allowedBelow[bin + 1] = (allowedBelow[bin + 1] ?? 0) + (allowed[index] ?? 0);
  }
  for (let bin = 1; bin < below.length; bin++) {
    below[bin] = (below[bin] ?? 0) + (below[bin - 1] ?? 0);
    allowedBelow[bin] = (allowedBelow[bin] ?? 0) + (allowedBelow[bin - 1] ?? 0);
  }
  const next = below.slice();
  const sorted = {
    load: new Float64Array(length),
    elapsed: new Float64Array(length),
    allowed: new Uint8Array(length),
  };
  let maxElapsed = 0;
  for (let index = 0; index < length; index++) {
    const bin = binOf(load[index] ?? 0);
    const position = next[bin] ?? 0;
    next[bin] = position + 1;
    sorted.load[position] = load[index] ?? 0;
    sorted.elapsed[position] = elapsed[index] ?? 0;
    sorted.allowed[position] = allowed[index] ?? 0;
    maxElapsed = max(maxElapsed, elapsed[index] ?? 0);
  }
  return { ...sorted, maxElapsed, below, allowedBelow };
}

function likelihood(
  { load, elapsed, allowed, maxElapsed, below, allowedBelow }: SortedDecisions,
  limit: number,
  { rate, width }: { readonly rate: number; readonly width: number },
): number {
  const maxWidth = rate === 0 ? width : sqrt(width ** 2 + 0.3 * rate * maxElapsed);
  const firstNear = min(MAX_MODEL_LIMIT, max(0, floor(limit - 0.5 - FAR * maxWidth)));
  const lastNear = min(MAX_MODEL_LIMIT, max(0, floor(limit - 0.5 + FAR * maxWidth) + 1));
  const [start, end] = [below[firstNear] ?? 0, below[lastNear + 1] ?? 0];
  const farAllowedBelow = allowedBelow[firstNear] ?? 0;
  const farAllowedAbove = (allowedBelow[MAX_MODEL_LIMIT + 1] ?? 0) - (allowedBelow[lastNear + 1] ?? 0);
  let sum =
    farAllowedBelow * LOG_FAR.allowed +
    (start - farAllowedBelow) * LOG.unexpectedlyThrottled +
    farAllowedAbove * LOG.unexpectedlyAllowed +
    (load.length - end - farAllowedAbove) * LOG_FAR.throttled;
  for (let index = start; index < end; index++) {
    const ownWidth = rate === 0 ? width : sqrt(width ** 2 + 0.3 * rate * (elapsed[index] ?? 0));
    const room = (limit - 0.5 - (load[index] ?? 0)) / ownWidth;
    const isAllowed = allowed[index] === 1;
    if (room > FAR) sum += isAllowed ? LOG_FAR.allowed : LOG.unexpectedlyThrottled;
    else if (room < -FAR) sum += isAllowed ? LOG.unexpectedlyAllowed : LOG_FAR.throttled;
    else sum += interpolate(isAllowed ? LOG_NEAR.allowed : LOG_NEAR.throttled, room);
  }
  return sum;
}

/** From this distance to the limit on, in widths, the probability is constant. */
const FAR = 12;
const LOG_FAR = {
  allowed: ln(1 - UNEXPECTEDLY_THROTTLED),
  throttled: ln(1 - UNEXPECTEDLY_ALLOWED),
} as const;

/** The probability that a request is allowed. */
function probabilityOf(room: number): number {
  return UNEXPECTEDLY_ALLOWED + (1 - UNEXPECTEDLY_ALLOWED - UNEXPECTEDLY_THROTTLED) / (1 + exp(-room));
}

const STEPS_PER_WIDTH = 256;
const nearRooms = Float64Array.from(
  { length: 2 * FAR * STEPS_PER_WIDTH + 2 },
  (_, step) => step / STEPS_PER_WIDTH - FAR,
);
/** Tables of logarithms, whose computation would take most of the time. Interpolation is precise to 1e-6. */
const LOG_NEAR = {
  allowed: nearRooms.map((room) => ln(probabilityOf(room))),
  throttled: nearRooms.map((room) => ln(1 - probabilityOf(room))),
} as const;

function interpolate(table: Float64Array, room: number): number {
  const position = (room + FAR) * STEPS_PER_WIDTH;
  const index = floor(position);
  const [left, right] = [table[index] ?? 0, table[index + 1] ?? 0];
  return left + (right - left) * (position - index);
}

/** The number of decisions that the best fit did not expect. */
export function surprisesIn(model: LimiterModel, feed: Feed, fit: Fit): number {
  const { parameters, limit, hidden } = fit;
  const width = widthOf(model, feed, fit);
  const states = model.simulate(parameters, feed);
  const load = model.isShared ? loadWith(states, hidden) : states.load;
  let count = 0;
  for (let index = 0; index < load.length; index++) {
    const probability = probabilityOf((limit - 0.5 - (load[index] ?? 0)) / width);
    if ((feed.allowed[index] === 1 ? probability : 1 - probability) < MIN_PROBABILITY) count += 1;
  }
  return count;
}

/** A decision with a smaller probability is a surprise. */
const MIN_PROBABILITY = 0.06;

export function logSumExp(logs: readonly number[]): number {
  const maximum = max(...logs);
  if (maximum === -Infinity) return maximum;
  return maximum + ln(logs.reduce((sum, log) => sum + exp(log - maximum), 0));
}

function windowMassOf(all: readonly WeightedFit[], total: number): number {
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
