import { codes, type Code, type Severity } from './codes.ts';

export type Detail = string | number | boolean | null;
export type Details = Readonly<Record<string, Detail>>;

/** A broken promise. `site` is the place in the answer, or for class verdicts what was bent in the request. */
export interface Violation {
  readonly kind: 'violation';
  readonly code: Code;
  readonly severity: Severity;
  readonly site: string;
  readonly details: Details;
}

/** Why something could not be judged. */
export const doubts = [
  'environment.unauthorized',
  'environment.forbidden',
  'environment.unknown-client',
  'environment.rate-limited',
  'environment.gateway',
  'environment.unreachable',
  'engine.body-replaced',
  'load.pacing',
  'load.quota-shared',
  'load.escalated',
  'run.aborted',
  'broker.unpublished',
] as const;

export type DoubtCode = (typeof doubts)[number];

export interface Doubt {
  readonly kind: 'doubt';
  readonly code: DoubtCode;
  readonly details: Details;
}

/** What is worth knowing and breaks no promise: it never gates. */
export type NoticeCode = 'response.latency.outlier' | 'state.history.age';

export interface Notice {
  readonly code: NoticeCode;
  readonly details: Details;
}

/** What a rule has to say. A rule that is content says nothing. */
export type Remark = Violation | Doubt;

export interface ViolationOptions {
  readonly site?: string;
  readonly severity?: Severity;
  readonly details?: Details;
}

export function violation(code: Code, options: ViolationOptions = {}): Violation {
  const { site = '', severity = codes[code].severity, details = {} } = options;
  return { kind: 'violation', code, severity, site, details };
}

export function doubt(code: DoubtCode, details: Details = {}): Doubt {
  return { kind: 'doubt', code, details };
}
