/** A documented rate limit: `limit` requests per window, for each OAuth client and API version. */
export interface Quota {
  readonly limit: number;
  readonly windowMs: number;
}

/** 100 requests per 10 seconds (SailPoint developer documentation, rate limits, 2026-04-27). */
export const documentedQuota: Quota = { limit: 100, windowMs: 10_000 };

const QUOTA = /^([1-9]\d*)\/(\d*\.?\d+)s$/;

/** Parses a quota such as `100/10s`. Returns undefined for any other text, and for a window of zero length. */
export function parseQuota(text: string): Quota | undefined {
  const match = QUOTA.exec(text);
  if (match === null) return undefined;
  const windowMs = Number(match[2]) * 1000;
  return windowMs > 0 ? { limit: Number(match[1]), windowMs } : undefined;
}

/** Formats a quota as `--quota` takes it. */
export function formatQuota(quota: Quota): string {
  return `${quota.limit}/${quota.windowMs / 1000}s`;
}
