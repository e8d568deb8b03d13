/** A promised rate limit: `limit` requests per window, per (OAuth client, API version). */
export interface Quota {
  readonly limit: number;
  readonly windowMs: number;
}

/** 100 requests per 10 seconds (SailPoint developer documentation, rate limits, 2026-04-27). */
export const documentedQuota: Quota = { limit: 100, windowMs: 10_000 };

const QUOTA = /^([1-9]\d*)\/(\d*\.?\d+)s$/;

/** Reads `100/10s`; undefined for anything else, or for a window of no length. */
export function parseQuota(text: string): Quota | undefined {
  const match = QUOTA.exec(text);
  if (match === null) return undefined;
  const windowMs = Number(match[2]) * 1000;
  return windowMs > 0 ? { limit: Number(match[1]), windowMs } : undefined;
}

/** Writes a quota as `--quota` takes it. */
export function formatQuota(quota: Quota): string {
  return `${quota.limit}/${quota.windowMs / 1000}s`;
}
