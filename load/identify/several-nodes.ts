import { logSumExp, type Evidence, type Fit } from './evidence.ts';
import type { Feed } from './trace.ts';

// Of its own: where tests run, every look at a global costs more than the logarithm.
const { log: ln, max, min, round } = Math;

/** N nodes behind a balancer that picks at random, each with its share of the limit and a window of its own. */
interface Cluster {
  readonly nodes: number;
  readonly window: number;
  /** Seconds; undefined where the window starts with the first request. */
  readonly phase: number | undefined;
  /** Requests that one node serves in a window. */
  readonly share: number;
}

const NODES = [2, 3, 4, 5, 6];
const WINDOWS = Array.from({ length: 18 }, (_, index) => index + 3);
const PHASES = 20;
const LIMITS = 400;
const REFINED = 10;
const COARSE = { least: 0.01, most: 0.99 };
const FINE = { least: 0.03, most: 0.994 };

/**
 * How well several nodes explain a trace: the chance of a refusal grows with the requests of the window, instead of
 * jumping from none to all.
 * @param served requests of the first burst that were served: about the limit of all nodes together
 */
export function severalNodesEvidence(feed: Feed, served: number): Evidence {
  const coarse = NODES.flatMap((nodes) =>
    [0.9, 1, 1.1].flatMap((factor) => {
      const share = max(1, round((served / nodes) * factor));
      return WINDOWS.flatMap((window) => phasesOf(window).map((phase) => ({ nodes, window, phase, share })));
    }),
  ).map((cluster) => weigh(cluster, feed, COARSE));
  const top = coarse.toSorted((a, b) => b.term - a.term).slice(0, REFINED);
  const fine = top.flatMap(({ cluster }) => near(cluster)).map((cluster) => weigh(cluster, feed, FINE));
  const all = fine.toSorted((a, b) => b.term - a.term);
  const best = all[0];
  if (best === undefined) throw new Error('no cluster to try');
  const log = logSumExp(all.map(({ term }) => term)) - ln(LIMITS);
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

interface Weighed {
  readonly cluster: Cluster;
  readonly term: number;
}

function weigh(cluster: Cluster, feed: Feed, clip: typeof COARSE): Weighed {
  const kinds = NODES.length * 2;
  const places = cluster.phase === undefined ? 1 : PHASES * 11;
  const prior = 1 / WINDOWS.length / kinds / places;
  return { cluster, term: likelihood(cluster, feed, clip) + ln(prior) };
}

function fitOf({ cluster: { nodes, window, phase, share }, term }: Weighed): Fit {
  const parameters = phase === undefined ? { window } : { window, phase };
  return { parameters, limit: nodes * share, hidden: 0, score: term };
}

function likelihood(
  { nodes, window, phase, share }: Cluster,
  { at, ok }: Feed,
  { least, most }: typeof COARSE,
): number {
  const refusals = refusalChances(nodes, share, at.length);
  let [start, count, sum] = [-Infinity, 0, 0];
  for (let index = 0; index < at.length; index++) {
    const time = at[index] ?? 0;
    const begin =
      phase === undefined ? (time >= start + window ? time : start) : time - modulo(time - phase, window);
    if (begin > start + 1e-9) [start, count] = [begin, 0];
    const chance = min(most, max(least, refusals[count] ?? most));
    sum += ln(ok[index] === 1 ? 1 - chance : chance);
    count += 1;
  }
  return sum;
}

function modulo(value: number, base: number): number {
  return ((value % base) + base) % base;
}

const known = new Map<string, Float64Array>();

/** The chance that the node of the next request is full after so many: that of `share` or more out of them, at 1/N each. */
function refusalChances(nodes: number, share: number, most: number): Float64Array {
  const key = `${nodes} ${share} ${most}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const chances = new Float64Array(most + 1);
  const own = 1 / nodes;
  let exactly = own ** (share - 1); // that `share - 1` of the first `share - 1` came to this node
  for (let count = share; count <= most; count++) {
    chances[count] = (chances[count - 1] ?? 0) + own * exactly;
    exactly *= (count / (count - share + 1)) * (1 - own);
  }
  known.set(key, chances);
  return chances;
}
