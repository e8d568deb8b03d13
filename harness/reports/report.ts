import type { Code, Details, Measured, Severity } from '../../core/index.ts';
import type { ExitCode } from '../exit-code.ts';
import type { RunSettings } from '../settings/run-settings.ts';
import type { Profile } from '../settings/table.ts';
import type { Verdict } from '../run/verdict.ts';

/** A request or response as people and tools see it: text, and secrets as placeholders. */
export interface ReportedMessage {
  readonly line: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | null;
}

export interface ReportedFinding {
  readonly id: string;
  readonly code: Code;
  readonly severity: Severity;
  readonly layer: string;
  readonly seenBy: readonly string[];
  readonly operation: string | null;
  readonly title: string;
  /** How often it was seen. */
  readonly count: number;
  /** How often requests were sent that could have shown it: `count` if it is constant, null if that is not known. */
  readonly sent: number | null;
  /** In the baseline: it does not gate. */
  readonly known: boolean;
  readonly received: string;
  readonly documented: string;
  readonly source: string;
  readonly details: Details;
  readonly exchange: { readonly request: ReportedMessage; readonly response: ReportedMessage } | null;
  readonly cell: { readonly id: string; readonly was: string | null; readonly sent: string | null } | null;
  readonly curl: string | null;
  /** The command that sends it again. */
  readonly replay: string;
  /** What that command needs, as data of the layer. */
  readonly rerun: { readonly layer: string; readonly data?: unknown } | null;
}

export interface ReportedOpen {
  readonly what: string;
  readonly group: string;
  readonly reason: string;
}

export interface ReportedLayer {
  readonly name: string;
  readonly verdict: Verdict;
  readonly attempted: number;
  readonly evaluated: number;
  readonly requests: number;
  readonly durationMs: number;
  readonly stopped: string | null;
  readonly notVerifiable: readonly ReportedOpen[];
  readonly inconclusive: readonly ReportedOpen[];
}

/** A testcase of JUnit: what one group of a layer attempted, and which findings came out of it. */
export interface ReportedGroup {
  readonly layer: string;
  readonly name: string;
  readonly attempted: number;
  readonly evaluated: number;
  readonly findings: readonly string[];
}

/** A usage error has no report. */
export type ReportedExitCode = Exclude<ExitCode, 2>;

/** The one thing all reports are made of. Its JSON Schema is report.schema.ts. */
export interface Report {
  readonly schemaVersion: 1;
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
  readonly failOn: Severity;
  readonly verdict: Verdict;
  readonly exitCode: ReportedExitCode;
  readonly layers: readonly ReportedLayer[];
  /** Layers that were not allowed, and so not run. */
  readonly notRun: readonly ReportedOpen[];
  readonly groups: readonly ReportedGroup[];
  readonly findings: readonly ReportedFinding[];
  readonly limiter: Measured;
  /** What ended the run before its time, and what a reader has to know beside the findings. */
  readonly notes: readonly string[];
}
