import { violation, type Quota, type Remark } from '../../core/index.ts';
import { isOwn } from '../scripts/dimensions.ts';
import type { TraceLine } from '../scripts/trace.ts';
import { promiseOf } from './promise.ts';
import { readQuotaFields, type QuotaFields } from './quota-fields.ts';
import { isAccepted, isBucket, type Measurement } from './threshold.ts';

/** An answer with what its headers tell of the quota. */
interface Told extends QuotaFields {
  readonly line: TraceLine;
}

/** Retry-After and a reset are rounded each for itself, and so is the Date that a time counts from. */
const ROUNDING_S = 2;
/** So many answers tell whether what is left goes down. */
const ENOUGH = 5;

/**
 * Do headers that tell of a quota fit what the limiter does? Nobody has promised them; but who reads them goes by them.
 * @param burst from rest until the first refusals
 * @returns why nothing can be said, where there are none that can be read
 */
export function judgeQuotaHeaders(
  burst: readonly TraceLine[],
  quota: Quota,
): Measurement | 'no-quota-headers' | 'quota-headers-unreadable' {
  const sent = burst.filter(isOwn).toSorted((a, b) => a.sentAt - b.sentAt);
  const told = sent.flatMap((line): Told[] => {
    const fields = readQuotaFields(line.quotaHeaders ?? [], quota);
    return fields === undefined ? [] : [{ ...fields, line }];
  });
  const [first] = told;
  if (first === undefined)
    return sent.some(({ quotaHeaders }) => quotaHeaders !== undefined)
      ? 'quota-headers-unreadable'
      : 'no-quota-headers';
  const wrong = [falseLimit, falseWindow, falseRest, stuckRest, lateReset].flatMap((check) => {
    const found = check(told, quota);
    return found === undefined ? [] : [found];
  });
  const remarks = wrong.map(({ site, header, seen }): Remark => {
    return violation('rate-limit.headers.inconsistent', { site, details: { site, header, seen } });
  });
  const measured = { toldLimit: first.limit ?? null };
  const line = wrong[0]?.line ?? first.line;
  return { remarks, measured, line };
}

/** What a header tells, and what is true. */
interface Wrong {
  readonly site: 'limit' | 'window' | 'remaining' | 'reset';
  readonly header: number;
  readonly seen: number | string;
  readonly line: TraceLine;
}

type Check = (told: readonly Told[], quota: Quota) => Wrong | undefined;

const falseLimit: Check = (told, quota) => {
  const wrong = told.find(({ limit }) => limit !== undefined && limit !== quota.limit);
  return wrong && { site: 'limit', header: wrong.limit ?? 0, seen: quota.limit, line: wrong.line };
};

const falseWindow: Check = (told, { windowMs }) => {
  const seconds = Math.ceil(windowMs / 1000);
  const wrong = told.find(({ window }) => window !== undefined && window !== seconds);
  return wrong && { site: 'window', header: wrong.window ?? 0, seen: seconds, line: wrong.line };
};

/** Nothing is left for whoever is refused, and never less than nothing. */
const falseRest: Check = (told) => {
  const wrong = told.find(
    ({ remaining = 0, line }) => remaining < 0 || (line.status === 429 && remaining > 0),
  );
  return (
    wrong && { site: 'remaining', header: wrong.remaining ?? 0, seen: wrong.line.status, line: wrong.line }
  );
};

/** Each accepted request takes one away; a bucket gives some back meanwhile, and a new window all of it. */
const stuckRest: Check = (told) => {
  const accepted = told.filter(({ line, remaining }) => isAccepted(line) && remaining !== undefined);
  const last = accepted.at(-1);
  if (last === undefined || accepted.length < ENOUGH) return undefined;
  const falls = accepted.filter(
    ({ remaining = 0 }, index) => remaining < (accepted[index - 1]?.remaining ?? 0),
  );
  if (falls.length >= (accepted.length - 1) / 2) return undefined;
  const seen = `${accepted.length} requests, ${falls.length} of which took one away`;
  return { site: 'remaining', header: last.remaining ?? 0, seen, line: last.line };
};

/** Retry-After does not point to an earlier time than the reset (draft, section 4); a bucket resets later than it serves. */
const lateReset: Check = (told, quota) => {
  for (const { reset, line } of told) {
    const promised = promiseOf(line)?.seconds;
    if (reset === undefined || promised === undefined || isBucket(line, quota)) continue;
    if (reset > promised + ROUNDING_S) return { site: 'reset', header: reset, seen: promised, line };
  }
  return undefined;
};
