import { parseDictionary, parseList } from 'structured-headers';

import { headerValue, parseHttpDate, type HeaderLine } from '../../contracts/index.ts';

/** What headers tell of a quota; what they do not tell, or not so that it can be read, is undefined. */
export interface QuotaFields {
  readonly limit?: number;
  /** Seconds. */
  readonly window?: number;
  readonly remaining?: number;
  /** Seconds from the answer on. */
  readonly reset?: number;
}

/**
 * Reads the headers in which services tell of a quota: draft-ietf-httpapi-ratelimit-headers, -10 as well as those before
 * it, and the X-RateLimit headers of before. A malformed field is ignored, as the draft says; of several policies only the
 * first one counts.
 * @param date the Date header of the same answer: some dialects tell the reset as a time
 * @param longest seconds: up to here a number of no known unit is a time to wait
 */
export function readQuotaFields(
  headers: readonly HeaderLine[],
  date: string | null,
  longest: number,
): QuotaFields {
  const value = (name: string): string => headerValue(headers, name) ?? '';
  const whole = (name: string): number | undefined => {
    const [digits] = /^-?\d+/.exec(value(`ratelimit-${name}`) || value(`x-ratelimit-${name}`)) ?? [];
    return digits === undefined ? undefined : Number(digits);
  };
  const policy = parametersOf(value('ratelimit-policy'));
  const state = { ...membersOf(value('ratelimit')), ...parametersOf(value('ratelimit')) };
  const told = {
    limit: policy['q'] ?? state['limit'] ?? whole('limit') ?? policy['value'],
    window: policy['w'],
    remaining: state['r'] ?? state['remaining'] ?? whole('remaining'),
    reset: state['t'] ?? state['reset'] ?? untilReset(whole('reset'), date, longest),
  };
  return Object.fromEntries(Object.entries(told).filter(([, one]) => one !== undefined));
}

const EPOCH_MS = 1e12;
const EPOCH_S = 1e9;

/** Seconds to wait; or a time, in seconds or milliseconds since the epoch. What lies between is ambiguous. */
function untilReset(reset: number | undefined, date: string | null, longest: number): number | undefined {
  if (reset === undefined || reset <= longest) return reset;
  const now = date === null ? undefined : parseHttpDate(date);
  if (reset < EPOCH_S || now === undefined) return undefined;
  return (reset > EPOCH_MS ? reset - now : reset * 1000 - now) / 1000;
}

/** The parameters of the first item of a list (RFC 9651 §3.1), and its value where that is a number. */
function parametersOf(field: string): Record<string, number> {
  const [first] = reading(() => parseList(field)) ?? [];
  if (first === undefined) return {};
  const [value, parameters] = first;
  return numbersIn([['value', value], ...parameters]);
}

/** The members of a dictionary (RFC 9651 §3.2): an earlier draft had one. */
function membersOf(field: string): Record<string, number> {
  const members = reading(() => parseDictionary(field)) ?? new Map();
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
