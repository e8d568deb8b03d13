import type { Notice, Outcome } from '../../core/index.ts';
import type { Probe } from '../runner/test-case.ts';
import type { Run } from '../runner/runner.ts';

/** Nobody calls less than this slow, in milliseconds. */
const SLOW_MS = 1000;
/** Times the median of requests of the same kind. */
const FACTOR = 5;
/** Probes that are tried again at the end of a run. */
const MOST = 10;
const TRIES = 2;
/** Requests of a kind that its median is taken from: the first ones. */
const KEPT = 1000;

/**
 * Remembers how long requests of each kind took, and which took long. A request counts as slow when it is so three times
 * out of three: once is the weather.
 */
export class Latencies {
  readonly #byKind = new Map<string, number[]>();
  readonly #slow: { readonly probe: Probe; readonly kind: string; readonly took: number }[] = [];

  add(outcome: Outcome): void {
    if (outcome.kind !== 'evaluated' || outcome.tookMs === undefined) return;
    const { tookMs: took, rerun } = outcome;
    const probe = rerun?.data as Probe | undefined;
    const [step] = probe?.steps ?? [];
    if (probe === undefined || step === undefined) return;
    const kind = `${step.method} ${step.asked.expectation}`;
    const times = this.#byKind.get(kind) ?? [];
    if (times.length < KEPT) times.push(took);
    this.#byKind.set(kind, times);
    if (took > SLOW_MS && this.#slow.length < MOST) this.#slow.push({ probe, kind, took });
  }

  /** Sends what was slow again. @returns what is slow every time */
  async outliers(run: Run): Promise<Notice[]> {
    const notices: Notice[] = [];
    for (const { probe, kind, took } of this.#slow) {
      const limit = Math.max(SLOW_MS, FACTOR * median(this.#byKind.get(kind) ?? []));
      const times = [took];
      for (let again = 0; again < TRIES && Math.min(...times) > limit; again++) {
        const outcome = await run(probe);
        times.push(outcome.kind === 'evaluated' ? (outcome.tookMs ?? 0) : 0);
      }
      const least = Math.min(...times);
      if (least > limit) notices.push(outlier(probe, least, limit));
    }
    return notices;
  }
}

function outlier({ what }: Probe, least: number, limit: number): Notice {
  return {
    code: 'response.latency.outlier',
    details: { what, ms: Math.round(least), limit: Math.round(limit) },
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
