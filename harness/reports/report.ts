import type { Code, ConsumerVersionName, Details, Measured, Severity } from '../../core/index.ts';
import type { ExitCode } from '../exit-code.ts';
import type { Replay } from '../run/replay/replay.ts';
import type { Verdict } from '../run/verdict.ts';
import type { Profile } from '../settings/profiles.ts';
import type { LoadPoint } from './load-point.ts';
import type { RunSettings } from '../settings/run-settings.ts';

/** A request or response as text, with placeholders for secrets. */
export interface ReportedMessage {
  /** Method and URL of a request; status of a response. */
  readonly line: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | null;
}

export interface ReportedExchange {
  readonly request: ReportedMessage;
  readonly response: ReportedMessage;
}

/** An exchange of a sequence. Times are milliseconds since the first request. */
export interface ReportedStep extends ReportedExchange {
  readonly sentAt: number;
  readonly receivedAt: number;
}

export interface ReportedFinding {
  /** A fingerprint: the same defect has the same id in every run and layer. */
  readonly id: string;
  readonly code: Code;
  readonly severity: Severity;
  /** The layer that found it first. */
  readonly layer: string;
  readonly seenBy: readonly string[];
  readonly operation: string | null;
  readonly title: string;
  /** How often it occurred. */
  readonly count: number;
  /** How many requests could have shown it: `count` if it is constant, null if unknown. */
  readonly sent: number | null;
  /** It is in the baseline and does not change the exit code. */
  readonly known: boolean;
  readonly received: string;
  readonly documented: string;
  readonly source: string;
  readonly details: Details;
  readonly exchange: ReportedExchange | null;
  /** The exchanges of a finding about several, in order; empty for others. */
  readonly sequence: readonly ReportedStep[];
  /** The principal whose token the request has; null without a token. */
  readonly principal: string | null;
  readonly mutation: {
    readonly name: string;
    readonly before: string | null;
    readonly after: string | null;
  } | null;
  /** The command that starts the service for `curl`; null if the target still runs. */
  readonly start: string | null;
  readonly curl: string | null;
  /** The command that reproduces it. */
  readonly replay: string;
  /** The data for that command. */
  readonly replayData: Replay | null;
}

/** A check without a verdict. */
export interface ReportedCheck {
  readonly name: string;
  readonly suite: string;
  readonly reason: string;
}

export interface ReportedLayer {
  readonly name: string;
  readonly verdict: Verdict;
  readonly attempted: number;
  readonly evaluated: number;
  readonly requests: number;
  readonly durationMs: number;
  /** Why the layer did not complete. */
  readonly stopped: string | null;
  readonly skipped: readonly ReportedCheck[];
  readonly inconclusive: readonly ReportedCheck[];
}

/** The figures of a suite: an interaction, a suite of the property layer, or a scenario. */
export interface ReportedGroup {
  readonly layer: string;
  readonly name: string;
  /** The consumer of an interaction; null for other checks. */
  readonly consumer: ConsumerVersionName | null;
  readonly attempted: number;
  readonly evaluated: number;
  /** Ids of findings. */
  readonly findings: readonly string[];
}

/** The exchanges of one operation with one status, and their latency in milliseconds. */
export interface ReportedTraffic {
  /** Null for requests that are not an operation of the API. */
  readonly operation: string | null;
  /** Null if there was no response. */
  readonly status: number | null;
  readonly count: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

/** A statement of the documentation. */
export interface ReportedClause {
  readonly name: string;
  readonly source: string;
  /** The codes of the rules that test it. */
  readonly codes: readonly Code[];
  /** Exchanges or checks that exercised it. */
  readonly exercised: number;
  /** Ids of findings. */
  readonly findings: readonly string[];
  /** The number of planted faults that prove its rules. */
  readonly faults: number;
}

/** A mutation in the property layer. */
export interface ReportedMutation {
  readonly name: string;
  readonly attempted: number;
  readonly failed: number;
}

/** A usage error has no report. */
export type ReportedExitCode = Exclude<ExitCode, 2>;

/** The data of all report formats. Its JSON Schema is in report.schema.ts. */
export interface Report {
  readonly schemaVersion: 2;
  readonly tool: { readonly name: string; readonly version: string };
  readonly startedAt: string;
  readonly durationMs: number;
  readonly target: {
    readonly url: string;
    readonly kind: RunSettings['target']['kind'];
    readonly fault: string | null;
  };
  readonly profile: Profile;
  readonly seed: number;
  /** The documented quota, such as "100/10s". */
  readonly quota: string;
  readonly failOn: Severity;
  readonly verdict: Verdict;
  readonly exitCode: ReportedExitCode;
  readonly layers: readonly ReportedLayer[];
  /** Layers without permission. */
  readonly notRun: readonly { readonly name: string; readonly reason: string }[];
  readonly groups: readonly ReportedGroup[];
  readonly findings: readonly ReportedFinding[];
  /** Figures about the rate limiter. */
  readonly limiter: Measured;
  /** Requests of the load layer, at most 2,000. */
  readonly loadPoints: readonly LoadPoint[];
  readonly traffic: readonly ReportedTraffic[];
  readonly mutations: readonly ReportedMutation[];
  readonly coverage: readonly ReportedClause[];
  /** Information that is not a finding. */
  readonly notes: readonly string[];
}
