import { MAX_MODEL_LIMIT } from '../timing.ts';
import { logSumExp, type Evidence, type Fit } from './evidence.ts';
import type { Feed } from './feed.ts';

// Local copies, because property access on a global is slow in these loops.
const { log: ln, max, min, round } = Math;

/** Nodes behind a load balancer that chooses at random. Each has its share of the limit and its own window. */
interface Cluster {
  readonly nodes: number;
  readonly window: number;
  /** Seconds; undefined for a window that starts with a request. */
  readonly phase: number | undefined;
  /** Requests that one node allows in a window. */
  readonly share: number;
}

const NODE_COUNTS = [2, 3, 4, 5, 6];
const WINDOWS = Array.from({ length: 18 }, (_, index) => index + 3);
const PHASES = 20;
const MAX_REFINED = 10;
/** The limits of probabilities, which account for unexpected decisions. */
const COARSE = { min: 0.01, max: 0.99 };
const FINE = { min: 0.03, max: 0.994 };

/**
 * Evaluates how well several nodes explain a trace: the probability of a 429 grows with the requests of the window instead
 * of jumping from 0 to 1.
 * @param allowed allowed requests of the first burst, which is about the limit of all nodes together
 */
export function distributedEvidence(feed: Feed, allowed: number): Evidence {
  const coarse = NODE_COUNTS.flatMap((nodes) =>
    [0.9, 1, 1.1].flatMap((factor) => {
      const share = max(1, round((allowed / nodes) * factor));
      return WINDOWS.flatMap((window) => phasesOf(window).map((phase) => ({ nodes, window, phase, share })));
    }),
  ).map((cluster) => weigh(cluster, feed, COARSE));
  const top = coarse.toSorted((a, b) => b.term - a.term).slice(0, MAX_REFINED);
  const fine = top.flatMap(({ cluster }) => near(cluster)).map((cluster) => weigh(cluster, feed, FINE));
  const all = fine.toSorted((a, b) => b.term - a.term);
  const best = all[0];
  if (best === undefined) throw new Error('there are no clusters to evaluate');
  const log = logSumExp(all.map(({ term }) => term)) - ln(MAX_MODEL_LIMIT);
  return { log, best: fitOf(best), windowMass: 1 };
}

function phasesOf(window: number): (number | undefined)[] {
  return [undefined, ...Array.from({ length: PHASES }, (_, step) => (step * window) / PHASES)];
}

function near({ phase, share, ...rest }: Cluster): Cluster[] {
  const phases =
    phase === undefined
      ? [undefined]
      : Array.from({ length: 11 }, (_, step) => phase + (rest.window / 40) * ((step - 5) / 5));
  const shares = Array.from({ length: 9 }, (_, step) => share + step - 4).filter((one) => one >= 1);
  return phases.flatMap((one) => shares.map((own) => ({ ...rest, phase: one, share: own })));
}

interface WeightedCluster {
  readonly cluster: Cluster;
  readonly term: number;
}

function weigh(cluster: Cluster, feed: Feed, clip: typeof COARSE): WeightedCluster {
  const kinds = NODE_COUNTS.length * 2;
  const phases = cluster.phase === undefined ? 1 : PHASES * 11;
  const prior = 1 / WINDOWS.length / kinds / phases;
  return { cluster, term: likelihood(cluster, feed, clip) + ln(prior) };
}

function fitOf({ cluster: { nodes, window, phase, share }, term }: WeightedCluster): Fit {
  const parameters = phase === undefined ? { window } : { window, phase };
  return { parameters, limit: nodes * share, hidden: 0, score: term };
}

function likelihood(
  { nodes, window, phase, share }: Cluster,
  { at, allowed }: Feed,
  clip: typeof COARSE,
): number {
  const logs = logProbabilities({ nodes, share, maxCount: at.length, clip });
  let [start, count, sum] = [-Infinity, 0, 0];
  for (let index = 0; index < at.length; index++) {
    const time = at[index] ?? 0;
    const begin =
      phase === undefined ? (time >= start + window ? time : start) : time - modulo(time - phase, window);
    if (begin > start + 1e-9) [start, count] = [begin, 0];
    sum += (allowed[index] === 1 ? logs.allowed[count] : logs.throttled[count]) ?? 0;
    count += 1;
  }
  return sum;
}

function modulo(value: number, base: number): number {
  return ((value % base) + base) % base;
}

interface LogProbabilities {
  /** By the number of requests before in the same window. */
  readonly allowed: Float64Array;
  readonly throttled: Float64Array;
}

interface NodeShare {
  readonly nodes: number;
  readonly share: number;
  readonly maxCount: number;
  readonly clip: typeof COARSE;
}

/** Remembers results, because many clusters have the same. */
const knownLogs = new Map<string, LogProbabilities>();

function logProbabilities({ nodes, share, maxCount, clip }: NodeShare): LogProbabilities {
  const key = `${nodes} ${share} ${maxCount} ${clip.min}`;
  const known = knownLogs.get(key);
  if (known !== undefined) return known;
  const rejected = rejectionProbabilities(nodes, share, maxCount).map((probability) =>
    min(clip.max, max(clip.min, probability)),
  );
  const logs = { allowed: rejected.map((one) => ln(1 - one)), throttled: rejected.map((one) => ln(one)) };
  knownLogs.set(key, logs);
  return logs;
}

/**
 * The probability that the node of the next request is full after a number of requests: that `share` or more of them went to
 * this node.
 */
function rejectionProbabilities(nodes: number, share: number, maxCount: number): Float64Array {
  const probabilities = new Float64Array(maxCount + 1);
  const own = 1 / nodes;
  let exactly = own ** (share - 1); // all of the first `share - 1` requests went to this node
  for (let count = share; count <= maxCount; count++) {
    probabilities[count] = (probabilities[count - 1] ?? 0) + own * exactly;
    exactly *= (count / (count - share + 1)) * (1 - own);
  }
  return probabilities;
}
