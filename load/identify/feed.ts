import { median } from '../analysis/statistics.ts';
import { isAllowed, type LimiterExchange } from '../scripts/trace.ts';

/** The decisions of a limiter in their most likely order. */
export interface Feed {
  /** Seconds since the first request. */
  readonly at: Float64Array;
  /** 1 for an allowed request, 0 for a throttled one. */
  readonly allowed: Uint8Array;
  /** The uncertainty of the times in seconds: each decision lies between sending and receiving. */
  readonly jitter: number;
}

/** The smallest uncertainty, for steady networks. */
const MIN_JITTER_S = 0.002;
/** Converts the median absolute deviation of normal values to their standard deviation. */
const MAD_TO_DEVIATION = 1.4826;
/** The largest share of an unusual delay that may lie on one side of the decision. */
const DELAY_SHARE = 0.45;

/**
 * Puts exchanges into the order of the decisions. Requests overtake each other, and each was decided between sending and
 * receiving. Within the jitter of the trace, an allowed request is assumed to be early and a throttled one to be late.
 * The times themselves remain in order.
 */
export function feedOf(exchanges: readonly LimiterExchange[]): Feed {
  const inSeconds = exchanges.map((exchange) => ({
    sent: exchange.sentAt / 1000,
    received: exchange.receivedAt / 1000,
    isAllowed: isAllowed(exchange),
  }));
  const roundTrips = inSeconds.map(({ sent, received }) => received - sent);
  const usual = median(roundTrips);
  const spread = MAD_TO_DEVIATION * median(roundTrips.map((roundTrip) => Math.abs(roundTrip - usual)));
  const jitter = Math.max(MIN_JITTER_S, spread / 2);
  const keyed = inSeconds.map(({ sent, received, isAllowed: allowed }) => {
    const middle = (sent + received) / 2;
    const slack = 2 * (jitter + DELAY_SHARE * Math.max(0, received - sent - usual - 2 * spread));
    const key = allowed ? Math.max(sent, middle - slack) : Math.min(received, middle + slack);
    return { key, allowed, middle };
  });
  const middles = keyed.map(({ middle }) => middle).toSorted((a, b) => a - b);
  const inOrder = keyed.toSorted((a, b) => a.key - b.key);
  const [start = 0] = middles;
  return {
    at: Float64Array.from(middles, (middle) => middle - start),
    allowed: Uint8Array.from(inOrder, ({ allowed }) => (allowed ? 1 : 0)),
    jitter,
  };
}
