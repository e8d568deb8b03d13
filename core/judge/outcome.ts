import type { OperationId } from '../api/operations.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Asked, CellNote } from './request-intent.ts';
import { fingerprint } from './fingerprint.ts';
import type { Judgement } from './judge.ts';
import type { Doubt, Notice, Violation } from './check-result.ts';

/** How a finding is sent again: whatever its layer needs for it, as plain JSON data. */
export interface Rerun {
  readonly layer: string;
  readonly data?: unknown;
}

export interface Finding extends Violation {
  readonly id: string;
  readonly operation: OperationId | undefined;
  readonly exchange?: Exchange;
  readonly cell?: CellNote;
}

export type Measured = Readonly<Record<string, number | string | null>>;

/** Why a check cannot be made on this target at all. It does not count as attempted. */
export type ObstacleCode =
  | 'no-principal'
  | 'not-allowed'
  | 'unreachable-state'
  | 'unknown-state'
  | 'no-state-endpoint'
  | 'results-withheld'
  | 'budget-spent'
  | 'other-provider'
  | 'unsupported-pact'
  | 'no-operation'
  | 'ready-token'
  | 'no-second-client'
  | 'would-escalate'
  | 'agrees-late'
  | 'nothing-refused'
  | 'counts-unclear'
  | 'key-not-asked'
  | 'key-not-used-up'
  | 'key-not-served'
  | 'key-not-dialled'
  | 'no-quota-headers'
  | 'quota-headers-unreadable'
  | 'bucket-gives-back'
  | 'key-mixed';

/** What a layer says of one thing it attempted. Every layer yields these and nothing else. */
export type Outcome =
  | {
      readonly kind: 'evaluated' | 'inconclusive';
      readonly layer: string;
      /** A stable name: cell, interaction, check of a scenario. */
      readonly what: string;
      /** What reports count it under: a family of cells, a consumer, a scenario. */
      readonly group: string;
      readonly findings: readonly Finding[];
      readonly doubts: readonly Doubt[];
      /** Requests that this outcome cost. */
      readonly requests: number;
      readonly rerun?: Rerun;
      /** Without this one the layer has no verdict, however much else it evaluated. */
      readonly decisive?: true;
      /** Milliseconds from request to answer, where the attempt was one request. */
      readonly tookMs?: number;
      readonly notices?: readonly Notice[];
      /** How the answer looked, where the attempt was one cell: it may be compared with that of another run. */
      readonly signature?: string;
      /** Figures for the report, where the attempt was a measurement. */
      readonly measured?: Measured;
    }
  | {
      readonly kind: 'not-verifiable';
      readonly layer: string;
      readonly what: string;
      readonly group: string;
      readonly reason: ObstacleCode;
      readonly details: Readonly<Record<string, string>>;
    };

/** A judged exchange: what the judge needs to know, and what it said. */
export interface Judged {
  readonly exchange?: Exchange;
  readonly asked: Asked;
  readonly judgement: Judgement;
}

/** Makes findings of what the judge said of an exchange. */
export function findingsOf({ exchange, asked, judgement }: Judged): Finding[] {
  return judgement.violations.map((violation) => ({
    ...violation,
    id: fingerprint(violation, asked, exchange),
    operation: asked.operation,
    ...(exchange && { exchange }),
    ...(asked.cell && { cell: asked.cell }),
  }));
}

/** Sums up the judged exchanges of one attempt. With a doubt left, it was not evaluated. */
export function outcomeOf(
  attempt: { readonly layer: string; readonly what: string; readonly group: string; readonly rerun?: Rerun },
  judged: readonly Judged[],
  requests: number = judged.length,
): Outcome {
  const doubts = judged.flatMap(({ judgement }) => judgement.doubts);
  const kind = doubts.length > 0 || judged.length === 0 ? 'inconclusive' : 'evaluated';
  return { kind, ...attempt, findings: judged.flatMap(findingsOf), doubts, requests };
}
