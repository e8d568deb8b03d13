import { doubt, formatQuota, violation, type Quota, type Remark } from '../../core/index.ts';
import { LONGEST_WINDOWS, MARGIN_MS } from '../scripts/answer.ts';
import { READ_BACK, type TraceLine } from '../scripts/trace.ts';
import { isOwn } from '../scripts/dimensions.ts';
import { latestPromise, promisesOf, standing } from './promise.ts';
import type { Measurement } from './threshold.ts';

/** Rounding up to whole seconds explains less than this. */
const ROUNDING_MS = 1000;
/** Promises are told in seconds: less than a second less is less. */
const COUNTED_MS = 500;

/** The limiter that was met. */
interface Limited {
  readonly quota: Quota;
  /** It stands on another machine. */
  readonly isRemote: boolean;
}

/**
 * When to ask again after a burst: when the latest promise is over, but not later than three windows.
 * A promise beyond the documented window is tested once before: a service may be back long before it says. Where that is
 * later than the promise, as refused requests may count, it is tested a window after the last one that was served; on another
 * machine only where less is promised with time, and refused requests most likely cost nothing.
 * @returns times in milliseconds since the epoch, in order
 */
export function probeTimes(burst: readonly TraceLine[], { quota, isRemote }: Limited): number[] {
  const { windowMs } = quota;
  const last = Math.max(...burst.filter(isOwn).map(({ receivedAt }) => receivedAt));
  const promise = latestPromise(standing(burst));
  const until = Math.min(promise?.until ?? last + windowMs, last + LONGEST_WINDOWS * windowMs) + MARGIN_MS;
  const isTested = !isRemote || countsDown(burst);
  const tests = [
    freeAt(burst, quota) + ROUNDING_MS,
    ...(isTested ? [likelyFreeAt(burst, windowMs)] : []),
  ].map((at) => at + 100);
  const testAt = tests.find((at) => until > at + ROUNDING_MS);
  return testAt === undefined ? [until] : [testAt, until];
}

/**
 * Was the promise of the burst's 429s kept? Definite, without a model of the limiter: nothing was sent in between,
 * unless it was refused and promised anew.
 * @param burst the burst, and what was sent before the silence
 * @param probes what was sent after it, in order
 */
export function judgeRecovery(
  burst: readonly TraceLine[],
  probes: readonly TraceLine[],
  quota: Quota,
): Measurement {
  const promise = latestPromise(standing(burst));
  const asked = probes.filter(({ phase }) => phase !== READ_BACK);
  const served = asked.find(({ status }) => status === 200);
  const last = asked.at(-1);
  if (last === undefined)
    return { remarks: [doubt('load.pacing', { why: 'no probe was sent' })], measured: {} };
  const measured = {
    promisedSeconds: promise?.seconds ?? null,
    servedAfterSeconds: served === undefined ? null : seconds(served.receivedAt - firstOf(burst)),
  };
  if (served === undefined && last.status !== 429)
    return { remarks: [doubt('load.pacing', { why: `the probe was answered ${last.status}` })], measured };
  if (served === undefined) {
    const waited = seconds(last.sentAt - firstOf(burst));
    return {
      remarks: [violation('rate-limit.recovery.absent', { details: { waited } })],
      measured,
      line: asked.find(({ phase, status }) => phase === last.phase && status === 429) ?? last,
    };
  }
  const remarks = [
    ...judgeEarly(burst, asked),
    ...judgeLate(burst, served),
    ...judgeWindow(burst, probes, quota),
  ];
  return { remarks, measured, line: served };
}

/** A probe that left after every promise was over, and was refused. */
function judgeEarly(burst: readonly TraceLine[], asked: readonly TraceLine[]): Remark[] {
  let refused = standing(burst);
  for (const probe of asked) {
    const promise = latestPromise(refused);
    if (promise !== undefined && probe.status === 429 && probe.sentAt >= promise.until) {
      return [violation('rate-limit.retry-after.early', { details: { promised: promise.seconds } })];
    }
    refused = probe.status === 429 ? [...refused, probe] : [];
  }
  return [];
}

/** A probe that was served well before a promise was over. */
function judgeLate(burst: readonly TraceLine[], served: TraceLine): Remark[] {
  const promises = promisesOf(standing(burst));
  const slack = Math.max(...promises.map(({ from }) => from - served.receivedAt));
  if (slack <= ROUNDING_MS) return [];
  return [violation('rate-limit.retry-after.late', { details: { slack: seconds(slack) } })];
}

/**
 * When every limiter of a window has forgotten what was sent, refused requests included: a window after the last one. Where
 * what was sent weighs less and less in the window after, a place is free when one of so many weighs nothing any more.
 * Where the promise moves with each refused request, they are counted, and weigh in the next window as well.
 */
function freeAt(lines: readonly TraceLine[], { limit, windowMs }: Quota): number {
  const last = Math.max(...lines.filter(isOwn).map(({ receivedAt }) => receivedAt));
  const promises = promisesOf(standing(lines));
  const first = Math.min(...promises.map(({ until }) => until));
  const isMoving = promises.some(({ from }) => from > first + ROUNDING_MS);
  return last + (isMoving ? 2 : 1) * windowMs + windowMs / limit;
}

/** The same where refused requests cost nothing: a window after the last one that was served. */
function likelyFreeAt(lines: readonly TraceLine[], windowMs: number): number {
  const served = lines.filter((line) => isOwn(line) && line.status !== 429);
  const last = Math.max(...served.map(({ receivedAt }) => receivedAt));
  return served.length > 0 ? last + windowMs : Infinity;
}

function countsDown(lines: readonly TraceLine[]): boolean {
  const promises = promisesOf(standing(lines));
  return promises.some(({ until, line }) =>
    promises.some((later) => later.line.sentAt > line.receivedAt && later.until < until - COUNTED_MS),
  );
}

/** Refused when every window was over, and nothing was accepted in between: the window is longer. */
function judgeWindow(burst: readonly TraceLine[], probes: readonly TraceLine[], quota: Quota): Remark[] {
  const test = probes.find(({ phase, status }) => phase === 'test' && status === 429);
  if (test === undefined || test.sentAt < freeAt(burst, quota)) return [];
  const details = { accepted: 0, quota: formatQuota(quota), phase: 'a window after the burst' };
  return [violation('rate-limit.threshold.low', { details })];
}

function firstOf(lines: readonly TraceLine[]): number {
  return Math.min(...lines.map(({ sentAt }) => sentAt));
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 10) / 100;
}
