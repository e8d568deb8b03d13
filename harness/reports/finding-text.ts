import type { ReportedFinding } from './report.ts';

/** How often a finding occurred: "3 of 80 times". */
export function occurrences({ count, sent }: Pick<ReportedFinding, 'count' | 'sent'>): string {
  if (sent !== null && sent > count) return `${count} of ${sent} times`;
  return count === 1 ? 'once' : `${count} times`;
}

/** A mutation with the values before and after it. */
export function mutationText({ name, before, after }: NonNullable<ReportedFinding['mutation']>): string {
  if (before !== null && after !== null) return `${name} (${before} → ${after})`;
  const change = before ?? after;
  return change === null ? name : `${name} (${before === null ? 'sent' : 'instead of'} ${change})`;
}
