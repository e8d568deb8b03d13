import { baseReport, reportMembers, type ManagedClientStatus, type ReportMember } from '../../core/index.ts';

/** The body last, as in the fingerprint classes. */
const orderedMembers: readonly ReportMember[] = [...reportMembers.filter((one) => one !== 'body'), 'body'];

/** The fields in which a report differs from the base report. */
export function changedFields(report: ManagedClientStatus): ReportMember[] {
  return orderedMembers.filter((field) => !isEqual(report[field], baseReport[field]));
}

/** The fingerprint class of a valid report, such as `valid@status+type`. Mutations of the same fields have the same. */
export function classOfReport(report: ManagedClientStatus): string {
  return `valid@${changedFields(report).toSorted().join('+') || 'base-report'}`;
}

/** Whether two fields have the same JSON value. */
export function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
