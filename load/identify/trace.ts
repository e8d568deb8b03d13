import type { Shot } from '../scripts/experiments.ts';

/** What a limiter was fed, in the order it most likely saw it. */
export interface Feed {
  /** Seconds from the first request. */
  readonly at: Float64Array;
  readonly ok: Uint8Array;
  /** Seconds by which a moment may be off: what decided lies between sending and receiving. */
  readonly jitter: number;
}

/** Where networks are steady, this much is noise at least. */
const LEAST_JITTER = 0.002;

/**
 * Puts outcomes into the order of the decisions. Requests overtake each other, and each was decided somewhere between
 * `sent` and `received`: one that was served is taken for early, one that was refused for late, within the jitter of
 * this trace. The moments themselves stay in order.
 */
export function feedOf(shots: readonly Shot[]): Feed {
  const trips = shots.map(({ sent, received }) => received - sent);
  const usual = median(trips);
  const spread = 1.4826 * median(trips.map((trip) => Math.abs(trip - usual)));
  const jitter = Math.max(LEAST_JITTER, spread / 2);
  const keyed = shots.map(({ sent, received, ok }) => {
    const middle = (sent + received) / 2;
    const slack = 2 * (jitter + 0.45 * Math.max(0, received - sent - usual - 2 * spread));
    const key = ok ? Math.max(sent, middle - slack) : Math.min(received, middle + slack);
    return { key, ok, middle };
  });
  const middles = keyed.map(({ middle }) => middle).toSorted((a, b) => a - b);
  const inOrder = keyed.toSorted((a, b) => a.key - b.key);
  const [from = 0] = middles;
  return {
    at: Float64Array.from(middles, (middle) => middle - from),
    ok: Uint8Array.from(inOrder, ({ ok }) => (ok ? 1 : 0)),
    jitter,
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
