import type { OperationId } from '../api/operations.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Inconclusive, Violation } from './check-result.ts';
import { fingerprint } from './fingerprint.ts';
import type { Judgement } from './judge.ts';
import type { SkipReason } from './messages/skipped.ts';
import type { MutationInfo, RequestIntent } from './request-intent.ts';

/** A violation with its id and the exchange that shows it. */
export interface Finding extends Violation {
  readonly id: string;
  readonly operation: OperationId | undefined;
  readonly exchange?: Exchange;
  /** All exchanges in order, if the finding is about several. */
  readonly sequence?: readonly Exchange[];
  readonly mutation?: MutationInfo;
}

export type Measured = Readonly<Record<string, number | string | null>>;

/** Identifies a check in reports. */
export interface CheckName {
  readonly layer: string;
  /** A stable name: a test case, an interaction, a check of a scenario. */
  readonly name: string;
  /** The row of the report that counts the check: a suite, a consumer and interaction, a scenario. */
  readonly suite: string;
  /** The consumer whose contract is checked. */
  readonly consumer?: ConsumerVersionName;
}

/** A version of a consumer, as reports show it. */
export interface ConsumerVersionName {
  readonly name: string;
  /** Null for a pact that is not from a broker. */
  readonly version: string | null;
  /** A pending pact may fail. */
  readonly isPending: boolean;
  /** The reason of the broker for the selection. */
  readonly selectedBy: string | null;
}

/** The result of one check that was attempted. */
export interface Attempt<Replay = unknown> extends CheckName {
  readonly kind: 'evaluated' | 'inconclusive';
  readonly findings: readonly Finding[];
  readonly inconclusive: readonly Inconclusive[];
  /** Requests that the check sent. */
  readonly requests: number;
  /** The data that the layer needs to send the finding again, as plain JSON. */
  readonly replay?: Replay;
  /** The layer has no verdict if this check is inconclusive. */
  readonly required?: true;
  /** Figures for the report. */
  readonly measured?: Measured;
}

/** A check that is not possible on this target. It does not count as attempted. */
export interface Skipped extends CheckName {
  readonly kind: 'skipped';
  readonly reason: SkipReason;
  readonly details: Readonly<Record<string, string>>;
  /** Requests that showed that the check is not possible. */
  readonly requests?: number;
}

/** The result of one check. All layers emit only outcomes. */
export type Outcome<Replay = unknown> = Attempt<Replay> | Skipped;

/** Takes an outcome as soon as it is known. */
export type Emit<Replay = unknown> = (outcome: Outcome<Replay>) => void;

/** An exchange with its judgement. */
export interface Judged {
  readonly exchange?: Exchange;
  /** The exchanges between which a relation does not hold. */
  readonly sequence?: readonly Exchange[];
  readonly intent: RequestIntent;
  readonly judgement: Judgement;
}

/** Converts the violations of a judged exchange to findings. */
export function findingsOf({ exchange, sequence, intent, judgement }: Judged): Finding[] {
  return judgement.violations.map((violation) => ({
    ...violation,
    id: fingerprint(violation, intent, exchange),
    operation: intent.operation,
    ...(exchange && { exchange }),
    ...(sequence && { sequence }),
    ...(intent.mutation && { mutation: intent.mutation }),
  }));
}

/**
 * Combines the judged exchanges of one check. If any is inconclusive, so is the check.
 * @param requests number of requests sent, including those that were not judged
 */
export function outcomeOf<Replay>(
  check: CheckName & { readonly replay?: Replay },
  judged: readonly Judged[],
  requests: number = judged.length,
): Attempt<Replay> {
  const inconclusive = judged.flatMap(({ judgement }) => judgement.inconclusive);
  const kind = inconclusive.length > 0 || judged.length === 0 ? 'inconclusive' : 'evaluated';
  return { kind, ...check, findings: judged.flatMap(findingsOf), inconclusive, requests };
}
