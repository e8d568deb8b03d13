import type { Feed } from './feed.ts';

// Local copies, because property access on a global is slow in these loops.
const { floor, max, round } = Math;

interface FamilyTraits {
  /**
   * From this number of surprises on, an unsteady network is not the explanation. Simulations of correct families had 2, 5
   * and 8; distributed limiters and others that resembled the family had 3, 6 and more.
   */
  readonly minSurprises: number;
  /**
   * Whether one permit recovers at a time. If the Retry-After of such a limiter is too long, it allows requests before the
   * deadline, as a distributed limiter does.
   */
  readonly isGradual: boolean;
  /** Whether each rejection restarts the window, so that a trace shows only the minimum of the window. */
  readonly showsMinWindowOnly?: true;
}

/** The families of limiters. Limiters that cannot be distinguished from outside have one name. */
const familyTraits = {
  'fixed-window': { minSurprises: 3, isGradual: false },
  'fixed-window-rejections-counted': { minSurprises: 3, isGradual: false, showsMinWindowOnly: true },
  'aligned-window': { minSurprises: 3, isGradual: false },
  'sliding-log': { minSurprises: 5, isGradual: false },
  'sliding-log-rejections-counted': { minSurprises: 4, isGradual: false },
  'sliding-counter': { minSurprises: 8, isGradual: true },
  'sliding-counter-rejections-counted': { minSurprises: 3, isGradual: true },
  'token-bucket': { minSurprises: 8, isGradual: true },
  'interval-refill': { minSurprises: 10, isGradual: true },
  distributed: { minSurprises: 1, isGradual: false },
} as const satisfies Record<string, FamilyTraits>;

export type LimiterFamily = keyof typeof familyTraits;

export const limiterFamilies = Object.keys(familyTraits) as LimiterFamily[];

export function traitsOf(family: LimiterFamily): FamilyTraits {
  return familyTraits[family];
}

/** The parameters of a family in seconds and requests per second. Each family has some of them. */
export interface Parameters {
  readonly window?: number;
  readonly phase?: number;
  readonly rate?: number;
}

/** The state of a model before each request: its load and the time for which it has accumulated. */
export interface ModelStates {
  readonly load: Float64Array;
  readonly elapsed: Float64Array;
}

export interface LimiterModel {
  readonly grid: readonly { readonly parameters: Parameters; readonly prior: number }[];
  /** Parameters around others: scale 1 fills the gaps of the grid, a smaller scale those of the neighbours. */
  neighbours(parameters: Parameters, scale: number): Parameters[];
  /** Runs the model on the observed decisions, which determine the following loads. */
  simulate(parameters: Parameters, feed: Feed): ModelStates;
  /** Permits per second that the model refills continuously. Timing errors change the load in proportion to it. */
  refillRate(parameters: Parameters, limit: number): number;
  /** Whether requests of other clients may add to the load. */
  readonly isShared: boolean;
}

type Neighbours = (center: Required<Parameters>, shares: readonly number[]) => Parameters[];

interface ModelTraits {
  readonly isShared?: true;
  readonly refillsContinuously?: true;
}

type Simulate = (parameters: Required<Parameters>, feed: Feed, states: ModelStates) => void;

/** Windows that people choose. */
const COMMON_WINDOWS = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 60];
const NEIGHBOUR_SHARES = Array.from({ length: 11 }, (_, step) => (step - 5) / 5);

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: round((to - from) / step) + 1 }, (_, index) => from + index * step);
}

/** Half of the prior probability for common values, half for all values. */
function withPriors(common: readonly number[], all: readonly number[]): { value: number; prior: number }[] {
  const half = (values: readonly number[]): { value: number; prior: number }[] =>
    values.map((value) => ({ value, prior: 0.5 / values.length }));
  return [...half(common), ...half(all)];
}

const windowGrid = withPriors(COMMON_WINDOWS, range(1, 20, 0.1)).map(({ value: window, prior }) => ({
  parameters: { window },
  prior,
}));

/** Windows of whole seconds that start at any tenth of a second. */
const phasedWindowGrid = withPriors(COMMON_WINDOWS, [...range(1, 20, 1), 30, 60]).flatMap(
  ({ value: window, prior }) => {
    const steps = max(8, 10 * window);
    return Array.from({ length: steps }, (_, step) => ({
      parameters: { window, phase: (step * window) / steps },
      prior: prior / steps,
    }));
  },
);

/** Rates at intervals of 4 %. Neighbours fill the gaps. */
const rates = Array.from({ length: 136 }, (_, step) => 0.5 * 1.04 ** step);
const bucketGrid = rates.map((rate) => ({ parameters: { rate }, prior: 1 / rates.length }));

const COMMON_RATES = [...range(1, 16, 1), 18, 20, 22, 25, 30, 40, 50, 100];
const refillPhases = range(0, 0.95, 0.05);
const intervalGrid = withPriors(COMMON_RATES, rates).flatMap(({ value: rate, prior }) =>
  refillPhases.map((phase) => ({
    parameters: { rate, phase },
    prior: prior / refillPhases.length,
  })),
);

function model(
  grid: LimiterModel['grid'],
  neighbours: Neighbours,
  simulate: Simulate,
  traits: ModelTraits = {},
): LimiterModel {
  const complete = (parameters: Parameters): Required<Parameters> => ({
    window: 1,
    phase: 0,
    rate: 1,
    ...parameters,
  });
  return {
    grid,
    isShared: traits.isShared === true,
    refillRate: ({ window, rate }, limit) =>
      traits.refillsContinuously === true ? (rate ?? limit / (window ?? 1)) : 0,
    neighbours: (parameters, scale) =>
      neighbours(
        complete(parameters),
        NEIGHBOUR_SHARES.map((share) => scale * share),
      ),
    simulate(parameters, feed) {
      const { length } = feed.at;
      const states = { load: new Float64Array(length), elapsed: new Float64Array(length) };
      simulate(complete(parameters), feed, states);
      return states;
    },
  };
}

const nearWindow: Neighbours = ({ window }, shares) =>
  shares.map((share) => ({ window: window + 0.05 * share }));
const nearPhase: Neighbours = ({ window, phase }, shares) =>
  shares.map((share) => ({ window, phase: phase + 0.05 * share }));
const nearRate: Neighbours = ({ rate }, shares) =>
  shares.map((share) => ({ rate: rate * (1 + 0.025 * share) }));
const nearRateAndPhase: Neighbours = ({ rate, phase }, shares) =>
  nearRate({ window: 1, rate, phase }, shares).flatMap((one) =>
    shares.map((share) => ({ ...one, phase: phase + 0.025 * share })),
  );

const simulateFixedWindow =
  (rejectionsCounted: boolean): Simulate =>
  ({ window }, { at, allowed }, { load, elapsed }) => {
    let [start, count] = [-Infinity, 0];
    for (let index = 0; index < at.length; index++) {
      const time = at[index] ?? 0;
      if (time >= start + window) [start, count] = [time, 0];
      load[index] = count;
      elapsed[index] = time - start;
      if (allowed[index] === 1) count += 1;
      else if (rejectionsCounted) start = time;
    }
  };

const simulateAlignedWindow: Simulate = ({ window, phase }, { at, allowed }, { load, elapsed }) => {
  let [current, count] = [-Infinity, 0];
  for (let index = 0; index < at.length; index++) {
    const position = ((at[index] ?? 0) - phase) / window;
    const own = floor(position);
    if (own !== current) [current, count] = [own, 0];
    load[index] = count;
    elapsed[index] = (position - own) * window;
    if (allowed[index] === 1) count += 1;
  }
};

const simulateSlidingLog =
  (rejectionsCounted: boolean): Simulate =>
  ({ window }, { at, allowed }, { load, elapsed }) => {
    const entries: number[] = [];
    let oldest = 0;
    for (let index = 0; index < at.length; index++) {
      const time = at[index] ?? 0;
      while (oldest < entries.length && (entries[oldest] ?? 0) <= time - window) oldest += 1;
      load[index] = entries.length - oldest;
      elapsed[index] = window;
      if (rejectionsCounted || allowed[index] === 1) entries.push(time);
    }
  };

const simulateSlidingCounter =
  (rejectionsCounted: boolean): Simulate =>
  ({ window, phase }, { at, allowed }, { load, elapsed }) => {
    let [current, previousCount, count] = [-Infinity, 0, 0];
    for (let index = 0; index < at.length; index++) {
      const position = ((at[index] ?? 0) - phase) / window;
      const own = floor(position);
      if (own !== current) [current, previousCount, count] = [own, own === current + 1 ? count : 0, 0];
      load[index] = previousCount * (1 - (position - own)) + count;
      elapsed[index] = window;
      if (rejectionsCounted || allowed[index] === 1) count += 1;
    }
  };

const simulateTokenBucket: Simulate = ({ rate }, { at, allowed }, { load, elapsed }) => {
  let [level, last] = [0, at[0] ?? 0];
  for (let index = 0; index < at.length; index++) {
    const time = at[index] ?? 0;
    level = max(0, level - rate * (time - last));
    last = time;
    load[index] = level;
    elapsed[index] = 2;
    if (allowed[index] === 1) level += 1;
  }
};

const simulateIntervalRefill: Simulate = ({ rate, phase }, { at, allowed }, { load, elapsed }) => {
  let [level, last] = [0, floor((at[0] ?? 0) - phase)];
  for (let index = 0; index < at.length; index++) {
    const second = floor((at[index] ?? 0) - phase);
    level = max(0, level - rate * (second - last));
    last = second;
    load[index] = level;
    elapsed[index] = 2;
    if (allowed[index] === 1) level += 1;
  }
};

/** The families with a single counter. `distributed` is a matter of probability: see distributed.ts. */
export const models: Readonly<Record<Exclude<LimiterFamily, 'distributed'>, LimiterModel>> = {
  'fixed-window': model(windowGrid, nearWindow, simulateFixedWindow(false), { isShared: true }),
  'fixed-window-rejections-counted': model(windowGrid, nearWindow, simulateFixedWindow(true), {
    isShared: true,
  }),
  'aligned-window': model(phasedWindowGrid, nearPhase, simulateAlignedWindow, { isShared: true }),
  'sliding-log': model(windowGrid, nearWindow, simulateSlidingLog(false)),
  'sliding-log-rejections-counted': model(windowGrid, nearWindow, simulateSlidingLog(true)),
  'sliding-counter': model(phasedWindowGrid, nearPhase, simulateSlidingCounter(false), {
    refillsContinuously: true,
  }),
  'sliding-counter-rejections-counted': model(phasedWindowGrid, nearPhase, simulateSlidingCounter(true), {
    refillsContinuously: true,
  }),
  'token-bucket': model(bucketGrid, nearRate, simulateTokenBucket, { refillsContinuously: true }),
  'interval-refill': model(intervalGrid, nearRateAndPhase, simulateIntervalRefill),
};
