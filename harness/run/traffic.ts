import type { Exchange, OperationId } from '../../core/index.ts';
import type { RequestSpec, Send } from '../../core/client/index.ts';
import type { LoadExchange } from '../../load/index.ts';
import type { LoadPoint } from '../reports/load-point.ts';

/** The exchanges of one operation with one result. */
export interface TrafficRow {
  /** Null for requests that are not an operation of the API. */
  readonly operation: OperationId | null;
  /** Null if there was no response. */
  readonly status: number | null;
  count: number;
  /** Milliseconds, of at most `MAX_DURATIONS` exchanges. */
  readonly durations: number[];
}

const MAX_DURATIONS = 10_000;
const MAX_POINTS = 2000;

/** Counts the exchanges of a run, for the latency and the coverage in reports. */
export class Traffic {
  readonly rows = new Map<string, TrafficRow>();
  readonly points: LoadPoint[] = [];
  /** Requests of the load layer beyond the largest number of points. */
  omittedPoints = 0;
  #loadStartedAt: number | undefined;

  /** Returns a sender whose exchanges are counted. */
  counting(send: Send): Send {
    return async (spec) => {
      const result = await send(spec);
      for (const exchange of [...result.retried, result.exchange]) this.#addExchange(spec, exchange);
      return result;
    };
  }

  addLoad(scenario: string, exchange: LoadExchange): void {
    const { step, sentAt, receivedAt, status, retryAfter, operation = null, durationMs } = exchange;
    this.#add(operation, status === 0 ? null : status, durationMs);
    if (this.points.length >= MAX_POINTS) {
      this.omittedPoints += 1;
      return;
    }
    const start = (this.#loadStartedAt ??= sentAt);
    this.points.push({
      scenario,
      step,
      sentAt: Math.round(sentAt - start),
      receivedAt: Math.round(receivedAt - start),
      status,
      retryAfter,
    });
  }

  #addExchange({ intent }: RequestSpec, { answer, sentAt, receivedAt }: Exchange): void {
    const status = answer.kind === 'response' ? answer.status : null;
    this.#add(intent.operation ?? null, status, receivedAt - sentAt);
  }

  #add(operation: TrafficRow['operation'], status: TrafficRow['status'], durationMs: number): void {
    const key = `${operation} ${status}`;
    const row = this.rows.get(key) ?? { operation, status, count: 0, durations: [] };
    this.rows.set(key, row);
    row.count += 1;
    if (row.durations.length < MAX_DURATIONS) row.durations.push(durationMs);
  }
}
