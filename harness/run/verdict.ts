import { severities, type Severity } from '../../core/index.ts';
import type { Collected, LayerTally } from './collector.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';

export type Verdict = 'pass' | 'fail' | 'inconclusive';

/** Less than this share of what was attempted is too little to say anything. */
const ENOUGH = 0.9;

export function isAtLeast(severity: Severity, least: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(least);
}

/** Findings that decide the exit code: bad enough, and not known. */
export function gating(
  findings: Iterable<Collected>,
  failOn: Severity,
  isKnown: (id: string) => boolean,
): Collected[] {
  return [...findings].filter(({ finding }) => isAtLeast(finding.severity, failOn) && !isKnown(finding.id));
}

/** Did a layer evaluate enough, and come to its end? */
export function isConclusive({ attempted, evaluated, stopped, undecided }: LayerTally): boolean {
  return stopped === undefined && !undecided && evaluated > 0 && evaluated >= ENOUGH * attempted;
}

export function layerVerdict(tally: LayerTally, failing: readonly Collected[]): Verdict {
  if (failing.some(({ seenBy }) => seenBy.includes(tally.name))) return 'fail';
  return isConclusive(tally) ? 'pass' : 'inconclusive';
}

/** Findings win over incompleteness; no layer at all is no pass. */
export function exitCodeOf(
  tallies: readonly LayerTally[],
  failing: readonly Collected[],
): Exclude<ExitCode, 2> {
  if (failing.length > 0) return exitCodes.findings;
  return tallies.length > 0 && tallies.every(isConclusive) ? exitCodes.clean : exitCodes.incomplete;
}

export function verdictOf(exitCode: ExitCode): Verdict {
  if (exitCode === exitCodes.clean) return 'pass';
  return exitCode === exitCodes.findings ? 'fail' : 'inconclusive';
}
