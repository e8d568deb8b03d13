import { severityOf, type Code, type Details, type Severity } from './codes.ts';

/** A contract violation that a check found. */
export interface Violation {
  readonly kind: 'violation';
  readonly code: Code;
  readonly severity: Severity;
  /** The place in the response; for the expectation of a request, the fingerprint class of its mutation. */
  readonly site: string;
  readonly details: Details;
}

/** Why a check could not decide. */
export type InconclusiveReason =
  | 'environment.unauthorized'
  | 'environment.forbidden'
  | 'environment.unknown-client'
  | 'environment.rate-limited'
  | 'environment.gateway'
  | 'environment.unreachable'
  | 'environment.intermediary'
  | 'engine.body-replaced'
  | 'load.pacing'
  | 'load.quota-shared'
  | 'load.escalated'
  | 'run.aborted'
  | 'state.unknown'
  | 'state.contradiction'
  | 'pact.malformed'
  | 'pact.unreadable'
  | 'broker.withheld'
  | 'broker.unpublished';

export interface Inconclusive {
  readonly kind: 'inconclusive';
  readonly reason: InconclusiveReason;
  readonly details: Details;
}

/** The result of a check that did not pass. A check that passes returns nothing. */
export type CheckResult = Violation | Inconclusive;

export interface ViolationOptions {
  readonly site?: string;
  readonly details?: Details;
}

export function violation(code: Code, options: ViolationOptions = {}): Violation {
  const { site = '', details = {} } = options;
  return { kind: 'violation', code, severity: severityOf(code, details), site, details };
}

export function inconclusiveBecause(reason: InconclusiveReason, details: Details = {}): Inconclusive {
  return { kind: 'inconclusive', reason, details };
}
