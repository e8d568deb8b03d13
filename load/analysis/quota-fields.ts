import { parseDictionary, parseList } from 'structured-headers';

import { headerValue, type HeaderLine, type Quota } from '../../core/index.ts';

/** What headers tell of a quota; what they do not tell, or not so that it can be read, is undefined. */
export interface QuotaFields {
  readonly limit?: number | undefined;
  /** Seconds. */
  readonly window?: number | undefined;
  readonly remaining?: number | undefined;
  /** Seconds from the answer on. */
  readonly reset?: number | undefined;
}

/**
 * Reads the headers in which services tell of a quota: draft-ietf-httpapi-ratelimit-headers, -10 as well as those before
 * it, and the X-RateLimit headers of before, but for their reset: what that means differs from one service to the next.
 * A malformed field is ignored, as the draft says. Of several policies the one counts that is of the quota in question.
 * @returns undefined where nothing can be read
 */
export function readQuotaFields(headers: readonly HeaderLine[], quota: Quota): QuotaFields | undefined {
  const value = (name: string): string => headerValue(headers, name) ?? '';
  const older = ofDictionary(value('ratelimit')) ?? {
    limit: wholeIn(value('ratelimit-limit')),
    remaining: wholeIn(value('ratelimit-remaining')),
    reset: wholeIn(value('ratelimit-reset')),
  };
  const oldest = {
    limit: wholeIn(value('x-ratelimit-limit') || value('x-rate-limit-limit')),
    remaining: wholeIn(value('x-ratelimit-remaining') || value('x-rate-limit-remaining')),
  };
  const dialects: QuotaFields[] = [
    ofPolicies(value('ratelimit-policy'), value('ratelimit'), quota),
    older,
    oldest,
  ];
  const first = (name: keyof QuotaFields): number | undefined =>
    dialects.map((one) => one[name]).find((one) => one !== undefined);
  const told = {
    limit: first('limit'),
    window: first('window'),
    remaining: first('remaining'),
    reset: first('reset'),
  };
  return Object.values(told).some((one) => one !== undefined) ? told : undefined;
}

/** An item of a list with its parameters (RFC 9651 §3.1): a policy, or what is left of one. */
interface Item {
  readonly name: unknown;
  readonly numbers: Readonly<Record<string, number>>;
}

/** Drafts -08 and later: policies by name, and what is left of each. Draft -03 had `100;w=10`. */
function ofPolicies(policies: string, states: string, { limit, windowMs }: Quota): QuotaFields {
  const known = itemsIn(policies).map(({ name, numbers }) => ({
    name,
    limit: numbers['q'] ?? (typeof name === 'number' ? name : undefined),
    window: numbers['w'],
  }));
  const fitting = known.find((one) => one.limit === limit && one.window === Math.ceil(windowMs / 1000));
  // Which of several is meant nobody knows, where none fits.
  const own = fitting ?? (known.length === 1 ? known[0] : undefined);
  if (own === undefined && known.length > 1) return {};
  const left = itemsIn(states);
  const state = left.find(({ name }) => name === own?.name) ?? (left.length === 1 ? left[0] : undefined);
  return {
    limit: own?.limit,
    window: own?.window,
    remaining: state?.numbers['r'],
    reset: state?.numbers['t'],
  };
}

function itemsIn(field: string): Item[] {
  const items = reading(() => parseList(field)) ?? [];
  return items.map(([name, parameters]) => ({ name, numbers: numbersIn([...parameters]) }));
}

/** Draft -07: `limit=100, remaining=50, reset=3`. */
function ofDictionary(field: string): QuotaFields | undefined {
  const members = reading(() => parseDictionary(field));
  if (members?.has('remaining') !== true) return undefined;
  return numbersIn([...members].map(([name, [value]]) => [name, value]));
}

function reading<Read>(read: () => Read): Read | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function numbersIn(entries: readonly (readonly [string, unknown])[]): Record<string, number> {
  const numbers = entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  return Object.fromEntries(numbers);
}

/** The number that a field begins with: a limit may have its policy behind it. */
function wholeIn(field: string): number | undefined {
  const [digits] = /^-?\d+/.exec(field) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
