/** A request of the load layer. Times are milliseconds since its first request. */
export interface LoadPoint {
  readonly scenario: string;
  readonly step: string;
  readonly sentAt: number;
  readonly receivedAt: number;
  readonly status: number;
  readonly retryAfter: string | null;
}
