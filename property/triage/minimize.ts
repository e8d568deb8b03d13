import { baseReport, type ManagedClientStatus, type ReportMember } from '../../core/index.ts';
import { changedFields } from '../runner/changed-fields.ts';

type Fails = (candidate: ManagedClientStatus) => Promise<boolean>;

/**
 * Minimizes a failing report: resets the fields that do not matter to the base report, and keeps a single key of the body
 * if that suffices. Takes 4 to 10 requests as a rule; general shrinking takes three times as many and may end at
 * another failure (Zeller, Hildebrandt: Simplifying and Isolating Failure-Inducing Input, 2002).
 * @param fails sends a candidate and returns whether it fails in the same way
 */
export async function minimizeReport(
  report: ManagedClientStatus,
  fails: Fails,
): Promise<ManagedClientStatus> {
  const irrelevant = await Promise.all(
    changedFields(report).map(async (field) => ((await fails(reset(report, [field]))) ? [field] : [])),
  );
  return keepOneKey(await resetFields(report, irrelevant.flat(), fails), fails);
}

/** Resets all fields if possible. Fields that do not matter alone may matter together. */
async function resetFields(
  report: ManagedClientStatus,
  irrelevant: readonly ReportMember[],
  fails: Fails,
): Promise<ManagedClientStatus> {
  if (irrelevant.length === 0) return report;
  const all = reset(report, irrelevant);
  if (irrelevant.length === 1 || (await fails(all))) return all;
  let current = report;
  for (const field of irrelevant) {
    const candidate = reset(current, [field]);
    if (await fails(candidate)) current = candidate;
  }
  return current;
}

async function keepOneKey(report: ManagedClientStatus, fails: Fails): Promise<ManagedClientStatus> {
  const entries = Object.entries(report.body as Record<string, unknown>);
  if (entries.length < 2) return report;
  for (const entry of entries) {
    const candidate = { ...report, body: Object.fromEntries([entry]) };
    if (await fails(candidate)) return candidate;
  }
  return report;
}

function reset(report: ManagedClientStatus, fields: readonly ReportMember[]): ManagedClientStatus {
  return { ...report, ...Object.fromEntries(fields.map((field) => [field, baseReport[field]])) };
}
