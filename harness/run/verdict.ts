import { severities, type Severity } from '../../core/index.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import type { CollectedFinding, LayerTally } from './collector.ts';

export type Verdict = 'pass' | 'fail' | 'inconclusive';

/** A layer that evaluated a smaller share of its attempts is inconclusive. */
export const MIN_EVALUATED_SHARE = 0.9;

export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(threshold);
}

/** The findings that decide the exit code: severe enough and not in the baseline. */
export function gatingFindings(
  findings: Iterable<CollectedFinding>,
  failOn: Severity,
  isKnown: (id: string) => boolean,
): CollectedFinding[] {
  return [...findings].filter(({ finding }) => isAtLeast(finding.severity, failOn) && !isKnown(finding.id));
}

function isConclusive({ attempted, evaluated, stopped, lacksRequiredCheck }: LayerTally): boolean {
  const isEnough = evaluated > 0 && evaluated >= MIN_EVALUATED_SHARE * attempted;
  return stopped === undefined && !lacksRequiredCheck && isEnough;
}

export function layerVerdict(tally: LayerTally, gating: readonly CollectedFinding[]): Verdict {
  if (gating.some(({ seenBy }) => seenBy.includes(tally.name))) return 'fail';
  return isConclusive(tally) ? 'pass' : 'inconclusive';
}

/** Findings take precedence over incompleteness. A run without layers does not pass. */
export function exitCodeOf(
  tallies: readonly LayerTally[],
  gating: readonly CollectedFinding[],
): Exclude<ExitCode, 2> {
  if (gating.length > 0) return exitCodes.findings;
  return tallies.length > 0 && tallies.every(isConclusive) ? exitCodes.clean : exitCodes.incomplete;
}

export function verdictOf(exitCode: ExitCode): Verdict {
  if (exitCode === exitCodes.clean) return 'pass';
  return exitCode === exitCodes.findings ? 'fail' : 'inconclusive';
}
