import type { Quota } from '../../core/index.ts';
import { maxWithin } from '../analysis/max-within.ts';
import { evaluateKey } from '../analysis/limiter/partition-keys.ts';
import { announcedDelay } from '../scripts/limiter/experiments.ts';
import { partitionKeyNames, type PartitionKey } from '../scripts/limiter/partition-keys.ts';
import { isAllowed, type LimiterExchange } from '../scripts/trace.ts';
import { MAX_WAIT_WINDOWS } from '../timing.ts';
import { traitsOf } from './families.ts';
import { identify, type Cycle, type Identification } from './identify.ts';
import { detectQueue, type Queue } from './queueing.ts';

/** The recorded behaviour of a limiter. It is sufficient to conclude again without sending anything. */
export interface LimiterTrace {
  readonly cycles: readonly Cycle[];
  /** Responses that do not show a decision of the limiter. */
  readonly lost: number;
  /** Requests that test the partition keys of an identified limiter. */
  readonly keys?: readonly LimiterExchange[];
  /** Load just below the identified rate. */
  readonly sustained?: { readonly sent: number; readonly throttled: number };
}

/** Why the experiments ended. */
export type Ending =
  | 'certain'
  | 'kind'
  | 'distributed'
  | 'queues'
  | 'unlimited'
  | 'too-slow'
  | 'never-recovers'
  | 'escalated'
  | 'too-much-lost'
  | 'ambiguous';

export interface Conclusion {
  /** Undefined if a single cycle was sufficient. */
  readonly identification: Identification | undefined;
  readonly ending: Ending;
  /** Present if the limiter delays requests instead of throttling them. */
  readonly queue?: Queue;
  /** The results of the partition keys that were tested. */
  readonly keys: readonly (readonly [PartitionKey, ReturnType<typeof evaluateKey>])[];
  /** Whether there is a second limit below the first; undefined if that was not tested. */
  readonly hasSecondLimit: boolean | undefined;
}

type IdentifyResult = Pick<Conclusion, 'identification' | 'ending' | 'queue'>;

/** The maximum share of responses that show no decision. */
const MAX_LOST_SHARE = 0.02;
/** A target that allows this many documented limits in one window has no limit. */
const MIN_UNLIMITED_LIMITS = 1.2;
/** This number of cycles distinguishes an unsteady network from another family. */
const MAX_CYCLES_OF_KIND = 3;

/** Concludes from a trace. The result is the same during the experiments and afterwards. */
export function concludeFrom(trace: LimiterTrace, documented: Quota): Conclusion {
  const { keys = [], sustained } = trace;
  const result = resultOf(trace, documented);
  // Without other clients a 429 below the identified rate comes from another limit.
  const isSecondTested = result.ending === 'certain' && sustained !== undefined;
  return {
    ...result,
    keys: partitionKeyNames
      .map((key) => [key, evaluateKey(key, keys, documented)] as const)
      .filter(([, evaluated]) => evaluated !== 'no-429'),
    hasSecondLimit: isSecondTested ? sustained.throttled > 0 : undefined,
  };
}

/** Whether another cycle can lead to a better conclusion. */
export function needsCycle({ ending }: Pick<Conclusion, 'ending'>, cycles: readonly Cycle[]): boolean {
  return ending === 'ambiguous' || (ending === 'kind' && cycles.length < MAX_CYCLES_OF_KIND);
}

function resultOf({ cycles, lost }: LimiterTrace, documented: Quota): IdentifyResult {
  const exchanges = cycles.flat();
  const without = (ending: Ending): IdentifyResult => ({ identification: undefined, ending });
  const [first = []] = cycles;
  if (cycles.length === 0) return without('ambiguous');
  const queue = detectQueue(first, documented);
  if (queue !== undefined) return { ...without('queues'), queue };
  const isTooMuchLost = lost > MAX_LOST_SHARE * (exchanges.length + lost);
  if (exchanges.length === 0 || isTooMuchLost) return without('too-much-lost');
  if (exchanges.every(isAllowed))
    return without(isUnlimited(exchanges, documented) ? 'unlimited' : 'too-slow');
  if (!first.some((one) => one.step === 'probe' && isAllowed(one))) return without('never-recovers');
  const identification = cycles.length > 1 ? identify(cycles) : undefined;
  if (hasEscalated(exchanges, documented)) return { identification, ending: 'escalated' };
  if (identification === undefined) return without('ambiguous');
  return { identification, ending: endingOf(identification, cycles.length) };
}

function isUnlimited(exchanges: readonly LimiterExchange[], { limit, windowMs }: Quota): boolean {
  const sent = exchanges.map(({ sentAt }) => sentAt);
  return maxWithin(sent, windowMs) > MIN_UNLIMITED_LIMITS * limit;
}

function endingOf({ hasDisagreement, certainty, ranking }: Identification, cycles: number): Ending {
  const isGradual = ranking[0] !== undefined && traitsOf(ranking[0].family).isGradual;
  const isSingle = isGradual && certainty === 'family';
  // Two cycles are often not enough to distinguish a gradual family from a distributed one.
  const isEarly = isGradual && certainty === 'inconclusive' && cycles < MAX_CYCLES_OF_KIND;
  if (hasDisagreement && !isSingle) return isEarly ? 'ambiguous' : 'distributed';
  return ({ family: 'certain', kind: 'kind', inconclusive: 'ambiguous' } as const)[certainty];
}

/** Whether the announced waits became longer than at first and longer than any window. */
function hasEscalated(exchanges: readonly LimiterExchange[], { windowMs }: Quota): boolean {
  const waits = exchanges.flatMap((one) => announcedDelay(one)?.ms ?? []);
  const [first = 0] = waits;
  return Math.max(0, ...waits) > Math.max(MAX_WAIT_WINDOWS * windowMs, 2 * first);
}
