import { parseDictionary, parseList } from 'structured-headers';

import { headerValue, type HeaderLine, type Quota } from '../../../core/index.ts';

/** The values of rate limit headers; undefined if they are missing or unreadable. */
export interface QuotaFields {
  readonly limit?: number | undefined;
  /** Seconds. */
  readonly window?: number | undefined;
  readonly remaining?: number | undefined;
  /** Seconds after the response. */
  readonly reset?: number | undefined;
}

/**
 * Reads rate limit headers: draft-ietf-httpapi-ratelimit-headers -10 and earlier, and X-RateLimit headers, except for their
 * reset, whose meaning differs between services. Malformed fields are ignored, as the draft requires. Of several policies
 * the one for the given quota counts.
 * @returns undefined without readable headers
 */
export function readQuotaFields(headers: readonly HeaderLine[], quota: Quota): QuotaFields | undefined {
  const value = (name: string): string => headerValue(headers, name) ?? '';
  const draft07 = readDictionary(value('ratelimit')) ?? {
    limit: integerIn(value('ratelimit-limit')),
    remaining: integerIn(value('ratelimit-remaining')),
    reset: integerIn(value('ratelimit-reset')),
  };
  const xRateLimit = {
    limit: integerIn(value('x-ratelimit-limit') || value('x-rate-limit-limit')),
    remaining: integerIn(value('x-ratelimit-remaining') || value('x-rate-limit-remaining')),
  };
  const formats: QuotaFields[] = [
    readPolicies(value('ratelimit-policy'), value('ratelimit'), quota),
    draft07,
    xRateLimit,
  ];
  const first = (name: keyof QuotaFields): number | undefined =>
    formats.map((one) => one[name]).find((one) => one !== undefined);
  const fields = {
    limit: first('limit'),
    window: first('window'),
    remaining: first('remaining'),
    reset: first('reset'),
  };
  return Object.values(fields).some((one) => one !== undefined) ? fields : undefined;
}

/** An item of a list with its parameters (RFC 9651 §3.1): a policy or its state. */
interface Item {
  readonly name: unknown;
  readonly numbers: Readonly<Record<string, number>>;
}

/** Drafts -08 and later: named policies and their states. Draft -03: `100;w=10`. */
function readPolicies(policies: string, states: string, { limit, windowMs }: Quota): QuotaFields {
  const all = itemsIn(policies).map(({ name, numbers }) => ({
    name,
    limit: numbers['q'] ?? (typeof name === 'number' ? name : undefined),
    window: numbers['w'],
  }));
  const matching = all.find((one) => one.limit === limit && one.window === Math.ceil(windowMs / 1000));
  // If none of several policies matches, it is unknown which one applies.
  const policy = matching ?? (all.length === 1 ? all[0] : undefined);
  if (policy === undefined && all.length > 1) return {};
  const allStates = itemsIn(states);
  const state =
    allStates.find(({ name }) => name === policy?.name) ??
    (allStates.length === 1 ? allStates[0] : undefined);
  return {
    limit: policy?.limit,
    window: policy?.window,
    remaining: state?.numbers['r'],
    reset: state?.numbers['t'],
  };
}

function itemsIn(field: string): Item[] {
  const items = tryParse(() => parseList(field)) ?? [];
  return items.map(([name, parameters]) => ({ name, numbers: numbersIn([...parameters]) }));
}

/** Draft -07: `limit=100, remaining=50, reset=3`. */
function readDictionary(field: string): QuotaFields | undefined {
  const members = tryParse(() => parseDictionary(field));
  if (members?.has('remaining') !== true) return undefined;
  return numbersIn([...members].map(([name, [value]]) => [name, value]));
}

function tryParse<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

function numbersIn(entries: readonly (readonly [string, unknown])[]): Record<string, number> {
  const numbers = entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  return Object.fromEntries(numbers);
}

/** The number at the start of a field. A limit may be followed by its policy. */
function integerIn(field: string): number | undefined {
  const [digits] = /^-?\d+/.exec(field) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
