import type { Feed } from './trace.ts';

// Of its own: where tests run, every look at a global costs more than the logarithm.
const { floor, max, round } = Math;

/** How limiters count. Those that nobody can tell apart from outside have one name. */
export const familyNames = [
  'fixed-window',
  'fixed-window-charged',
  'aligned-window',
  'sliding-log',
  'sliding-log-charged',
  'sliding-counter',
  'sliding-counter-charged',
  'token-bucket',
  'stepped-bucket',
  'several-nodes',
] as const;

export type FamilyName = (typeof familyNames)[number];

/** Parameters of a family, in seconds and requests per second; each family has its own. */
export interface Parameters {
  readonly window?: number;
  readonly phase?: number;
  readonly rate?: number;
}

/** What a model says before each request: how full the limiter is, and for how long it has been filling. */
export interface Replay {
  readonly load: Float64Array;
  readonly elapsed: Float64Array;
}

export interface Model {
  readonly grid: readonly { readonly parameters: Parameters; readonly prior: number }[];
  /** Parameters around some: at scale 1 they fill the gaps of the grid, below it those of each other. */
  neighbours(parameters: Parameters, scale: number): Parameters[];
  /** Feeds the model with what was observed: the next load depends on what was really served. */
  replay(parameters: Parameters, feed: Feed): Replay;
  /** Places that it gives back in a second, all the time: so much more or less is free where a moment is off. */
  givesBack(parameters: Parameters, limit: number): number;
  /** Whether requests of others, at so many a second, add to the load. */
  readonly isShared: boolean;
}

type Near = (around: Required<Parameters>, shares: readonly number[]) => Parameters[];

/** Whether requests of others add to the load; whether it gives back all the time. */
interface Traits {
  readonly isShared?: true;
  readonly isEven?: true;
}

type Replayer = (parameters: Required<Parameters>, feed: Feed, into: Replay) => void;

const NICE_WINDOWS = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 60];
const NEIGHBOURS = Array.from({ length: 11 }, (_, step) => (step - 5) / 5);

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: round((to - from) / step) + 1 }, (_, index) => from + index * step);
}

/** Half the weight on the windows that people choose, half on all. */
function weighed(nice: readonly number[], all: readonly number[]): { value: number; prior: number }[] {
  const of = (values: readonly number[]): { value: number; prior: number }[] =>
    values.map((value) => ({ value, prior: 0.5 / values.length }));
  return [...of(nice), ...of(all)];
}

const anyWindow = weighed(NICE_WINDOWS, range(1, 20, 0.1)).map(({ value: window, prior }) => ({
  parameters: { window },
  prior,
}));

/** Whole seconds, and every tenth of a second at which such a window may begin. */
const phasedWindow = weighed(NICE_WINDOWS, [...range(1, 20, 1), 30, 60]).flatMap(
  ({ value: window, prior }) => {
    const steps = max(8, 10 * window);
    return Array.from({ length: steps }, (_, step) => ({
      parameters: { window, phase: (step * window) / steps },
      prior: prior / steps,
    }));
  },
);

/** Four in a hundred apart: their neighbours close the gaps. */
const anyRate = Array.from({ length: 136 }, (_, step) => 0.5 * 1.04 ** step);
const bucketGrid = anyRate.map((rate) => ({ parameters: { rate }, prior: 1 / anyRate.length }));

const WHOLE_RATES = [...range(1, 16, 1), 18, 20, 22, 25, 30, 40, 50, 100];
const steppedPhases = range(0, 0.95, 0.05);
const steppedGrid = weighed(WHOLE_RATES, anyRate).flatMap(({ value: rate, prior }) =>
  steppedPhases.map((phase) => ({
    parameters: { rate, phase },
    prior: prior / steppedPhases.length,
  })),
);

function model(grid: Model['grid'], neighbours: Near, replayer: Replayer, traits: Traits = {}): Model {
  const whole = (parameters: Parameters): Required<Parameters> => ({
    window: 1,
    phase: 0,
    rate: 1,
    ...parameters,
  });
  return {
    grid,
    isShared: traits.isShared === true,
    givesBack: ({ window, rate }, limit) => (traits.isEven === true ? (rate ?? limit / (window ?? 1)) : 0),
    neighbours: (parameters, scale) =>
      neighbours(
        whole(parameters),
        NEIGHBOURS.map((share) => scale * share),
      ),
    replay(parameters, feed) {
      const into = { load: new Float64Array(feed.at.length), elapsed: new Float64Array(feed.at.length) };
      replayer(whole(parameters), feed, into);
      return into;
    },
  };
}

const nearWindow: Near = ({ window }, shares) => shares.map((share) => ({ window: window + 0.05 * share }));
const nearPhase: Near = ({ window, phase }, shares) =>
  shares.map((share) => ({ window, phase: phase + 0.05 * share }));
const nearRate: Near = ({ rate }, shares) => shares.map((share) => ({ rate: rate * (1 + 0.025 * share) }));
const nearStep: Near = ({ rate, phase }, shares) =>
  nearRate({ window: 1, rate, phase }, shares).flatMap((one) =>
    shares.map((share) => ({ ...one, phase: phase + 0.025 * share })),
  );

const fixed =
  (charged: boolean): Replayer =>
  ({ window }, { at, ok }, { load, elapsed }) => {
    let [start, count] = [-Infinity, 0];
    for (let index = 0; index < at.length; index++) {
      const time = at[index] ?? 0;
      if (time >= start + window) [start, count] = [time, 0];
      load[index] = count;
      elapsed[index] = time - start;
      if (ok[index] === 1) count += 1;
      else if (charged) start = time;
    }
  };

const aligned: Replayer = ({ window, phase }, { at, ok }, { load, elapsed }) => {
  let [bucket, count] = [-Infinity, 0];
  for (let index = 0; index < at.length; index++) {
    const place = ((at[index] ?? 0) - phase) / window;
    const own = floor(place);
    if (own !== bucket) [bucket, count] = [own, 0];
    load[index] = count;
    elapsed[index] = (place - own) * window;
    if (ok[index] === 1) count += 1;
  }
};

const log =
  (charged: boolean): Replayer =>
  ({ window }, { at, ok }, { load, elapsed }) => {
    const entries: number[] = [];
    let oldest = 0;
    for (let index = 0; index < at.length; index++) {
      const time = at[index] ?? 0;
      while (oldest < entries.length && (entries[oldest] ?? 0) <= time - window) oldest += 1;
      load[index] = entries.length - oldest;
      elapsed[index] = window;
      if (charged || ok[index] === 1) entries.push(time);
    }
  };

const counter =
  (charged: boolean): Replayer =>
  ({ window, phase }, { at, ok }, { load, elapsed }) => {
    let [bucket, before, current] = [-Infinity, 0, 0];
    for (let index = 0; index < at.length; index++) {
      const place = ((at[index] ?? 0) - phase) / window;
      const own = floor(place);
      if (own !== bucket) [bucket, before, current] = [own, own === bucket + 1 ? current : 0, 0];
      load[index] = before * (1 - (place - own)) + current;
      elapsed[index] = window;
      if (charged || ok[index] === 1) current += 1;
    }
  };

const bucket: Replayer = ({ rate }, { at, ok }, { load, elapsed }) => {
  let [level, last] = [0, at[0] ?? 0];
  for (let index = 0; index < at.length; index++) {
    const time = at[index] ?? 0;
    level = max(0, level - rate * (time - last));
    last = time;
    load[index] = level;
    elapsed[index] = 2;
    if (ok[index] === 1) level += 1;
  }
};

const stepped: Replayer = ({ rate, phase }, { at, ok }, { load, elapsed }) => {
  let [level, last] = [0, floor((at[0] ?? 0) - phase)];
  for (let index = 0; index < at.length; index++) {
    const second = floor((at[index] ?? 0) - phase);
    level = max(0, level - rate * (second - last));
    last = second;
    load[index] = level;
    elapsed[index] = 2;
    if (ok[index] === 1) level += 1;
  }
};

/** Every family that one counter can play; several nodes are a matter of chance and have a file of their own. */
export const models: Readonly<Record<Exclude<FamilyName, 'several-nodes'>, Model>> = {
  'fixed-window': model(anyWindow, nearWindow, fixed(false), { isShared: true }),
  'fixed-window-charged': model(anyWindow, nearWindow, fixed(true), { isShared: true }),
  'aligned-window': model(phasedWindow, nearPhase, aligned, { isShared: true }),
  'sliding-log': model(anyWindow, nearWindow, log(false)),
  'sliding-log-charged': model(anyWindow, nearWindow, log(true)),
  'sliding-counter': model(phasedWindow, nearPhase, counter(false), { isEven: true }),
  'sliding-counter-charged': model(phasedWindow, nearPhase, counter(true), { isEven: true }),
  'token-bucket': model(bucketGrid, nearRate, bucket, { isEven: true }),
  'stepped-bucket': model(steppedGrid, nearStep, stepped),
};
