import type { Quota } from '../../core/index.ts';
import { announcedDelay, type ExperimentStep } from '../scripts/limiter/experiments.ts';
import { isAllowed, isThrottled, type LimiterExchange } from '../scripts/trace.ts';
import { MAX_IDENTIFIED_FACTOR, MAX_IDENTIFY_WAIT_MS } from '../timing.ts';
import { distributedEvidence } from './distributed.ts';
import { evidenceOf, logSumExp, surprisesIn, type Evidence, type Fit } from './evidence.ts';
import { limiterFamilies, models, traitsOf, type LimiterFamily } from './families.ts';
import { feedOf } from './feed.ts';

/** A family with its posterior probability and its best parameters. */
export interface RankedFamily {
  readonly family: LimiterFamily;
  readonly posterior: number;
  readonly fit: Fit;
  readonly windowMass: number;
}

export interface Identification {
  /** `family`: only one family is likely. `kind`: the limiter resembles the first family. */
  readonly certainty: 'family' | 'kind' | 'inconclusive';
  /** All families, the most likely first. */
  readonly ranking: readonly RankedFamily[];
  /** The number of decisions that the best fit did not expect. */
  readonly surprises: number;
  /** A request was allowed after the limiter had announced a later deadline: its nodes disagree. */
  readonly hasDisagreement: boolean;
}

/** A cycle of experiments: all exchanges between two rests. */
export type Cycle = readonly LimiterExchange[];

const MIN_POSTERIOR = 0.99;
/** Two of 700 simulated limiters resembled another family after two cycles, with odds of a thousand and a hundred thousand. */
const MIN_POSTERIOR_OF_TWO_CYCLES = 1 - 1e-6;
const MIN_WINDOW_MASS = 0.9;
/** The posterior despite surprises. A sliding log resembled a fixed window, with 0.996 and 8 surprises. */
const MIN_POSTERIOR_OF_KIND = 0.9999;
/**
 * Identifies how a limiter counts from its decisions alone: how well does each family explain the trace? Retry-After is not
 * used, because it may be wrong.
 */
export function identify(cycles: readonly Cycle[]): Identification {
  const ranking = rank(cycles);
  const [first] = ranking;
  if (first === undefined) throw new Error('there are no families');
  const surprises =
    first.family === 'distributed' ? 0 : surprisesIn(models[first.family], feedOf(cycles.flat()), first.fit);
  const minPosterior = cycles.length > 2 ? MIN_POSTERIOR : MIN_POSTERIOR_OF_TWO_CYCLES;
  return {
    certainty: certaintyOf(first, surprises, minPosterior),
    ranking,
    surprises,
    hasDisagreement: cycles.some((cycle) => showsDisagreement(cycle.filter(isInBurst))),
  };
}

function rank(cycles: readonly Cycle[]): RankedFamily[] {
  const feed = feedOf(cycles.flat());
  const allowed = allowedInBurst(cycles[0] ?? []);
  const evidence = limiterFamilies.map((family): [LimiterFamily, Evidence] => [
    family,
    family === 'distributed' ? distributedEvidence(feed, allowed) : evidenceOf(models[family], feed),
  ]);
  const total = logSumExp(evidence.map(([, { log }]) => log));
  return evidence
    .map(([family, { log, best, windowMass }]): RankedFamily => ({
      family,
      posterior: Math.exp(log - total),
      fit: best,
      windowMass: traitsOf(family).showsMinWindowOnly ? 1 : windowMass,
    }))
    .toSorted((a, b) => b.posterior - a.posterior);
}

/** Bursts whose order is known well enough to detect nodes that disagree. */
function isInBurst({ step }: LimiterExchange): boolean {
  const steps: readonly string[] = ['burst', 'second-burst', 'follow-up'] satisfies ExperimentStep[];
  return steps.includes(step);
}

/** The smallest limit of an experiment. */
const MIN_LIMIT = 4;

function allowedInBurst(cycle: Cycle): number {
  return Math.max(MIN_LIMIT, cycle.filter((one) => one.step === 'burst' && isAllowed(one)).length);
}

const MIN_IDENTIFIED_WINDOW_MS = 1000;
/** The longest time until the first recovery that is taken for the window, in documented windows. */
const MAX_FIRST_WINDOW = 2.5;
/** If the first burst was allowed less than this share of the documented limit, the window may be shorter as well. */
const MIN_LIMIT_SHARE = 0.4;

/**
 * The limiter to expect in the next cycle: as identified, or after the first cycle as many requests as were allowed at once,
 * within the time until the recovery.
 */
export function expectedLimiter(
  cycles: readonly Cycle[],
  documented: Quota,
  identification?: Identification,
): Quota {
  const maxLimit = MAX_IDENTIFIED_FACTOR * documented.limit;
  const fit = identification?.ranking[0]?.fit;
  if (fit !== undefined) {
    const { window = fit.limit / (fit.parameters.rate ?? 1) } = fit.parameters;
    return {
      limit: clamp(fit.limit, MIN_LIMIT, maxLimit),
      windowMs: clamp(1000 * window, MIN_IDENTIFIED_WINDOW_MS, MAX_IDENTIFY_WAIT_MS),
    };
  }
  const [first = []] = cycles;
  const startedAt = Math.min(...first.map(({ sentAt }) => sentAt));
  const recovery = first.find((one) => one.step === 'probe' && isAllowed(one));
  const recoveredAfter = (recovery?.receivedAt ?? startedAt) - startedAt;
  const limit = Math.min(allowedInBurst(first), maxLimit);
  const isLimitNear = limit >= MIN_LIMIT_SHARE * documented.limit;
  const minWindowMs = isLimitNear ? documented.windowMs : MIN_IDENTIFIED_WINDOW_MS;
  return {
    limit,
    windowMs: Math.min(MAX_FIRST_WINDOW * documented.windowMs, Math.max(recoveredAfter, minWindowMs)),
  };
}

function clamp(value: number, minimum: number, maximum: number): number {
  return Math.min(maximum, Math.max(minimum, value));
}

function certaintyOf(
  { posterior, windowMass, family, fit }: RankedFamily,
  surprises: number,
  minPosterior: number,
): Identification['certainty'] {
  if (posterior < minPosterior || windowMass < MIN_WINDOW_MASS) return 'inconclusive';
  if (fit.hidden === 0 && surprises < traitsOf(family).minSurprises) return 'family';
  return posterior >= MIN_POSTERIOR_OF_KIND ? 'kind' : 'inconclusive';
}

/** A single limiter would have allowed more requests than this in between. */
const MAX_ALLOWED_BETWEEN = 5;
const MAX_DISTANCE_MS = 3000;
/** Rounding of the deadline to whole seconds, and the resolution of the clock. */
const DEADLINE_MARGIN_MS = 1050;

/**
 * Whether a request was allowed although an earlier 429 announced a later deadline, and hardly any other was allowed until
 * the next 429. A single limiter that allows and throttles at the same time has no such trace.
 */
export function showsDisagreement(burst: readonly LimiterExchange[]): boolean {
  const allowed = burst.filter(isAllowed);
  const throttled = burst.filter((one) => isThrottled(one) && announcedDelay(one) !== undefined);
  return allowed.some((one) =>
    throttled.some((earlier) => {
      const { ms = 0, errorMs = 0 } = announcedDelay(earlier) ?? {};
      const isTooEarly =
        earlier.receivedAt < one.sentAt &&
        one.sentAt - earlier.receivedAt < MAX_DISTANCE_MS &&
        one.receivedAt < earlier.sentAt + ms - errorMs - DEADLINE_MARGIN_MS;
      return isTooEarly && throttled.some((later) => isSoonAfter(one, later, allowed));
    }),
  );
}

/** Whether a 429 follows an allowed request with few allowed requests in between. */
function isSoonAfter(
  one: LimiterExchange,
  later: LimiterExchange,
  allowed: readonly LimiterExchange[],
): boolean {
  if (later.sentAt <= one.sentAt) return false;
  const between = allowed.filter(({ sentAt }) => sentAt > one.sentAt && sentAt < later.sentAt).length;
  return between <= MAX_ALLOWED_BETWEEN;
}
