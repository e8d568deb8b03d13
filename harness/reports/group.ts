import { isAtLeast } from '../run/verdict.ts';
import type { Report, ReportedFinding, ReportedGroup } from './report.ts';

/** The results of an interaction, as tables show them. */
export const interactionResults = ['verified', 'failed', 'skipped', 'inconclusive'] as const;
export type InteractionResult = (typeof interactionResults)[number];

export function interactionResult({ attempted, evaluated, findings }: ReportedGroup): InteractionResult {
  if (findings.length > 0) return 'failed';
  if (attempted === 0) return 'skipped';
  return evaluated === attempted ? 'verified' : 'inconclusive';
}

/** `console 1.2.3 [pending]` */
export function consumerTitle(consumer: ReportedGroup['consumer']): string {
  const { name = '', version = null, isPending = false } = consumer ?? {};
  return `${name}${version === null ? '' : ` ${version}`}${isPending ? ' [pending]' : ''}`;
}

/** Whether a finding changes the exit code. */
export function isGating({ severity, known }: ReportedFinding, { failOn }: Report): boolean {
  return !known && isAtLeast(severity, failOn);
}

/** The findings of a group: those that change the exit code, and the others. */
export function findingsOf(
  group: ReportedGroup,
  report: Report,
): { readonly gating: readonly ReportedFinding[]; readonly others: readonly ReportedFinding[] } {
  const findings = report.findings.filter(({ id }) => group.findings.includes(id));
  return {
    gating: findings.filter((finding) => isGating(finding, report)),
    others: findings.filter((finding) => !isGating(finding, report)),
  };
}

/** The different reasons for which checks of a group were skipped. */
export function skipReasons({ layer, name }: ReportedGroup, { layers }: Report): string[] {
  const skipped = layers.find((one) => one.name === layer)?.skipped ?? [];
  return [...new Set(skipped.filter(({ suite }) => suite === name).map(({ reason }) => reason))];
}
