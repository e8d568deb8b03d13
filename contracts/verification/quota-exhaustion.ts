import type { Quota } from '../../core/index.ts';
import type { RequestSpec, Send } from '../../core/client/index.ts';
import type { SentRequest } from './verifier-proxy.ts';

export interface QuotaExhaustionOptions {
  /** Sends without throttling. */
  readonly send: Send;
  readonly quota: Quota;
  /** Milliseconds, from any origin. */
  readonly now: () => number;
}

/** Receives the requests that were not throttled. */
export type RecordSent = (sent: SentRequest) => void;

/** The quota of a caller could not be exhausted. */
export class QuotaNotExhaustedError extends Error {
  override readonly name = 'QuotaNotExhaustedError';
  readonly requests: number;
  readonly durationMs: number;

  constructor(requests: number, durationMs: number) {
    super(`${requests} requests in ${durationMs} ms were not throttled`);
    this.requests = requests;
    this.durationMs = durationMs;
  }
}

/** The largest number of requests of a caller that are not throttled in a row, in quotas. */
const MAX_QUOTAS = 2;

const MIN_CONCURRENT = 8;
const MAX_CONCURRENT = 64;

/**
 * Sends requests until one is throttled. A refilling limiter returns permits all the time, so it is the verified request
 * itself that is repeated. Each caller is tried once: if its quota cannot be exhausted, later attempts fail at once.
 */
export class QuotaExhaustion {
  readonly #options: QuotaExhaustionOptions;
  readonly #failures = new Map<string, QuotaNotExhaustedError>();

  constructor(options: QuotaExhaustionOptions) {
    this.#options = options;
  }

  /**
   * Repeats a request until it is throttled: once, because the quota may still be exhausted, then in growing groups.
   * @returns the throttled request
   * @throws {QuotaNotExhaustedError}
   */
  async sendUntilThrottled(caller: string, spec: RequestSpec, record: RecordSent): Promise<SentRequest> {
    const { now } = this.#options;
    const failure = this.#failures.get(caller);
    if (failure !== undefined) throw failure;
    const startedAt = now();
    const sentAt: number[] = [];
    for (let count = 1; this.#canContinue(sentAt, startedAt); count = nextCount(count)) {
      const sent = await this.#sendGroup(count, spec);
      sentAt.push(...sent.map(() => now()));
      const throttled = sent.find(isThrottled);
      recordOthers(sent, throttled, record);
      if (throttled !== undefined) return throttled;
      if (sent.some(isFailure)) break;
    }
    const error = new QuotaNotExhaustedError(sentAt.length, Math.round(now() - startedAt));
    this.#failures.set(caller, error);
    throw error;
  }

  /**
   * Repeats a request a few times, because a permit may have returned since the quota was exhausted.
   * @returns the throttled request, or one of the others
   */
  async sendAfterExhaustion(spec: RequestSpec, record: RecordSent): Promise<SentRequest> {
    const [first] = await this.#sendGroup(1, spec);
    if (isThrottled(first) || isFailure(first)) return first;
    const sent = await this.#sendGroup(MIN_CONCURRENT, spec);
    const returned = sent.find(isThrottled) ?? sent[0];
    recordOthers([first, ...sent], returned, record);
    return returned;
  }

  /** Sends a request several times at once. */
  async #sendGroup(count: number, spec: RequestSpec): Promise<[SentRequest, ...SentRequest[]]> {
    const sendOnce = async (): Promise<SentRequest> => ({ spec, result: await this.#options.send(spec) });
    return Promise.all([sendOnce(), ...Array.from({ length: count - 1 }, sendOnce)]);
  }

  /** Whether a limiter can still throttle: requests that arrive slower than the quota never exhaust it. */
  #canContinue(sentAt: readonly number[], startedAt: number): boolean {
    const { quota, now } = this.#options;
    if (sentAt.length >= MAX_QUOTAS * quota.limit) return false;
    const windowStart = now() - quota.windowMs;
    return startedAt > windowStart || sentAt.filter((time) => time > windowStart).length >= quota.limit;
  }
}

/** The largest number of requests for the first exhaustion of a caller. */
export function maxRequestsToExhaust({ limit }: Quota): number {
  return MAX_QUOTAS * limit + MAX_CONCURRENT;
}

function recordOthers(
  sent: readonly SentRequest[],
  returned: SentRequest | undefined,
  record: RecordSent,
): void {
  for (const one of sent) if (one !== returned) record(one);
}

function nextCount(count: number): number {
  return Math.min(MAX_CONCURRENT, Math.max(MIN_CONCURRENT, 2 * count));
}

function isThrottled({ result }: SentRequest): boolean {
  const { answer } = result.exchange;
  return answer.kind === 'response' && answer.status === 429;
}

function isFailure({ result }: SentRequest): boolean {
  return result.exchange.answer.kind === 'failure';
}
