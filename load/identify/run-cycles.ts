import { setTimeout as wait } from 'node:timers/promises';

import type { Quota } from '../../core/index.ts';
import { BudgetSpentError, type Cost } from '../../core/client/index.ts';
import type { LoadContext, LoadRunContext } from '../context.ts';
import { runScenario } from '../runner/run-scenario.ts';
import { announcedDelay, FURTHER_CYCLES } from '../scripts/limiter/experiments.ts';
import { partitionKeyNames } from '../scripts/limiter/partition-keys.ts';
import { isDecision, isThrottled, type LimiterExchange, type LoadExchange } from '../scripts/trace.ts';
import { testableKeys } from '../suites/partition-keys.ts';
import {
  BELOW_QUOTA_WINDOWS,
  belowQuotaRequests,
  IDENTIFY_FIRST_WINDOWS,
  IDENTIFY_FURTHER_WINDOWS,
  MAX_BURST_QUOTAS,
  MAX_CLOSING_REQUESTS,
  MAX_COUNTDOWN_REQUESTS,
  MAX_EXHAUST_QUOTAS,
  MAX_FIRST_PROBES,
  MAX_FURTHER_QUOTAS,
  MAX_IDENTIFIED_FACTOR,
  MAX_IDENTIFY_WAIT_MS,
  MAX_SEQUENTIAL_QUOTAS,
  maxDeadlineProbes,
  maxExhaustions,
  VOLLEY_CONFIRMATIONS,
  VOLLEY_SIZE,
} from '../timing.ts';
import { concludeFrom, needsCycle, type LimiterTrace } from './conclude.ts';
import { traitsOf } from './families.ts';
import { expectedLimiter, type Cycle, type RankedFamily } from './identify.ts';

export interface IdentifyContext extends Omit<LoadContext, 'onExchange'> {
  /** Receives the reason if the budget does not cover a further experiment. */
  readonly onSpent: (reason: string) => void;
  /** Receives the trace after each cycle, so that an interrupted run loses nothing. */
  readonly onTrace: (trace: LimiterTrace) => Promise<void>;
}

const firstCycleRequests = ({ limit }: Quota): number => MAX_BURST_QUOTAS * limit + MAX_FIRST_PROBES;
const furtherCycleRequests = ({ limit, windowMs }: Quota): number =>
  Math.ceil(MAX_FURTHER_QUOTAS * limit) + maxDeadlineProbes(windowMs);

/** The maximum number of requests that test partition keys. */
function keyRequests(limit: number, keys: number, exhaustions: number): number {
  const bursts = (MAX_BURST_QUOTAS + MAX_SEQUENTIAL_QUOTAS + exhaustions * MAX_EXHAUST_QUOTAS) * limit;
  const volleys = (VOLLEY_SIZE + 2) * (VOLLEY_CONFIRMATIONS * keys + exhaustions);
  return Math.ceil(bursts) + volleys + VOLLEY_CONFIRMATIONS * MAX_CLOSING_REQUESTS + MAX_COUNTDOWN_REQUESTS;
}

const sustainedRequests = (quota: Quota): number => belowQuotaRequests(quota, BELOW_QUOTA_WINDOWS) + 1;

/** The largest limiter that is examined without a new consent. */
function largestLimiter({ limit, windowMs }: Quota): Quota {
  return { limit: MAX_IDENTIFIED_FACTOR * limit, windowMs: MAX_IDENTIFIED_FACTOR * windowMs };
}

/** The windows of the tests of partition keys. */
const KEY_WINDOWS = 2;
/** The windows in which an estimate expects the tests of partition keys, with their rests. */
const KEY_ESTIMATE_WINDOWS = 6;

/** Estimates the maximum cost of an identification. */
export function estimateIdentify(
  quota: Quota,
  { restMs, restBetweenMs, isRemote }: Pick<LoadContext, 'restMs' | 'restBetweenMs' | 'isRemote'>,
): Cost {
  const largest = largestLimiter(quota);
  const exhaustions = maxExhaustions(isRemote);
  const windows =
    IDENTIFY_FIRST_WINDOWS +
    FURTHER_CYCLES * IDENTIFY_FURTHER_WINDOWS +
    KEY_ESTIMATE_WINDOWS +
    MAX_IDENTIFIED_FACTOR * BELOW_QUOTA_WINDOWS;
  return {
    requests:
      firstCycleRequests(quota) +
      FURTHER_CYCLES * furtherCycleRequests(largest) +
      keyRequests(largest.limit, partitionKeyNames.length, exhaustions) +
      sustainedRequests(largest),
    writes: 0,
    // Two bursts per cycle, and one for the partition keys.
    violations: 2 + 2 * FURTHER_CYCLES + 1 + exhaustions,
    durationMs: restMs + windows * quota.windowMs + (FURTHER_CYCLES + 1) * restBetweenMs,
  };
}

/**
 * Runs cycles of experiments until a single family explains them. For an identified limiter, also tests the partition keys
 * and the load just below its rate.
 * @throws {K6Error} k6 did not complete a cycle
 * @throws {BudgetSpentError} the budget does not cover the first cycle
 */
export async function identifyLimiter(context: IdentifyContext): Promise<LimiterTrace> {
  const { quota, permissions, signal, restMs, onTrace } = context;
  permissions.require('load');
  // Earlier requests are not in the trace, so the limiter must have forgotten them.
  await wait(restMs, undefined, { signal });
  const trace = await runCycles(context);
  const { identification, ending } = concludeFrom(trace, quota);
  const [first] = identification?.ranking ?? [];
  if (first === undefined || !(ending === 'certain' || ending === 'kind')) return trace;
  const limiter = { limit: first.fit.limit, windowMs: windowMsOf(first, trace.cycles) };
  const largest = largestLimiter(quota);
  if (limiter.limit > largest.limit || limiter.windowMs > largest.windowMs) return trace;
  const complete = { ...trace, ...(await examineIdentified({ ...context, quota: limiter })) };
  await onTrace(complete);
  return complete;
}

async function runCycles(context: IdentifyContext): Promise<LimiterTrace> {
  const { quota, signal, restBetweenMs, onTrace } = context;
  context.budget.take(firstCycleRequests(quota), IDENTIFY_FIRST_WINDOWS * quota.windowMs);
  let exchanges = await runScenario(runContextOf(context), { scenario: 'identify' });
  let trace = extendTrace({ cycles: [], lost: 0 }, exchanges);
  await onTrace(trace);
  for (let turn = 0; turn < FURTHER_CYCLES; turn++) {
    const conclusion = concludeFrom(trace, quota);
    if (!needsCycle(conclusion, trace.cycles)) break;
    const expected = expectedLimiter(trace.cycles, quota, conclusion.identification);
    const durationMs = IDENTIFY_FURTHER_WINDOWS * expected.windowMs;
    if (!takeFromBudget(context, furtherCycleRequests(expected), durationMs)) break;
    if (turn > 0) await wait(restBetweenMs, undefined, { signal });
    const previousEnd = Math.max(...exchanges.map(({ receivedAt }) => receivedAt));
    const cycle = { turn, previousEnd, ...expected };
    exchanges = await runScenario(runContextOf(context), { scenario: 'identify', cycle });
    trace = extendTrace(trace, exchanges);
    await onTrace(trace);
  }
  return trace;
}

/** The judge's results for single exchanges belong to the load layer. */
function runContextOf(context: IdentifyContext): LoadRunContext {
  return { ...context, emit: () => undefined };
}

/** Books requests. If the budget does not cover them, the conclusion is based on the trace until now. */
function takeFromBudget({ budget, onSpent }: IdentifyContext, requests: number, durationMs: number): boolean {
  try {
    budget.take(requests, durationMs);
    return true;
  } catch (error) {
    if (!(error instanceof BudgetSpentError)) throw error;
    onSpent(error.message);
    return false;
  }
}

/**
 * The time in which a limiter recovers completely. If rejections restart the window, only the announced deadlines show its
 * length.
 */
function windowMsOf({ family, fit: { parameters, limit } }: RankedFamily, cycles: readonly Cycle[]): number {
  const { window = 1, rate } = parameters;
  if (rate !== undefined) return (1000 * limit) / rate;
  const windowMs = 1000 * window;
  if (!traitsOf(family).showsMinWindowOnly) return windowMs;
  const announced = cycles.flat().map((one) => announcedDelay(one)?.ms ?? 0);
  return Math.max(windowMs, ...announced.filter((ms) => ms <= MAX_IDENTIFY_WAIT_MS));
}

/** @param context with the quota of the identified limiter */
async function examineIdentified(
  context: IdentifyContext,
): Promise<Pick<LimiterTrace, 'keys' | 'sustained'>> {
  const { quota, signal, restBetweenMs, isRemote } = context;
  const restMs = Math.max(restBetweenMs, 2 * quota.windowMs);
  // An identification writes nothing.
  const partitionKeys = testableKeys(context).filter((key) => key !== 'operation');
  const requests =
    sustainedRequests(quota) + keyRequests(quota.limit, partitionKeys.length, maxExhaustions(isRemote));
  const durationMs = 2 * restMs + (BELOW_QUOTA_WINDOWS + KEY_WINDOWS) * quota.windowMs;
  if (!takeFromBudget(context, requests, durationMs)) return {};
  await wait(restMs, undefined, { signal });
  const below = await runScenario(runContextOf(context), { scenario: 'below-quota' });
  const decisions = below.filter(isDecision);
  const isComplete = decisions.length >= belowQuotaRequests(quota, BELOW_QUOTA_WINDOWS);
  const sustained = { sent: decisions.length, throttled: decisions.filter(isThrottled).length };
  await wait(restMs, undefined, { signal });
  const keys = await runScenario(runContextOf(context), { scenario: 'exceed-quota', partitionKeys });
  return { ...(isComplete && { sustained }), keys: keys.map(limiterExchangeOf) };
}

function extendTrace({ cycles, lost }: LimiterTrace, exchanges: readonly LoadExchange[]): LimiterTrace {
  const decisions = exchanges.filter(isDecision);
  const cycle = decisions.map((exchange) => {
    const { receivedAt, ...rest } = limiterExchangeOf(exchange);
    return { ...rest, receivedAt: receivedAt + CLOCK_RESOLUTION_MS };
  });
  return { cycles: [...cycles, cycle], lost: lost + exchanges.length - decisions.length };
}

const CLOCK_RESOLUTION_MS = 1;

function limiterExchangeOf(exchange: LoadExchange): LimiterExchange {
  const { step, sentAt, receivedAt, status, retryAfter, date, isNewConnection } = exchange;
  return { step, sentAt, receivedAt, status, retryAfter, date, ...(isNewConnection && { isNewConnection }) };
}
