import type { ManagedClientStatus } from '../../core/index.ts';
import { canonical } from '../runner/base-report.ts';

type Fails = (candidate: ManagedClientStatus) => Promise<boolean>;

const members = ['status', 'type', 'timestamp', 'body'] as const;

/**
 * Finds which part of a valid report makes it fail: puts members back to the canonical report for as long as it still
 * fails in the same way, and keeps one key of the body if one alone does it. Costs 4 to 10 requests as a rule; general
 * shrinking takes three times as many and slides to other failures (Zeller, Hildebrandt: Simplifying and Isolating
 * Failure-Inducing Input, 2002).
 * @param fails sends a candidate and says whether it fails in the same way
 */
export async function ablate(report: ManagedClientStatus, fails: Fails): Promise<ManagedClientStatus> {
  const bent = members.filter((member) => !isSame(report[member], canonical[member]));
  const innocent = await Promise.all(
    bent.map(async (member) => ((await fails(reset(report, [member]))) ? [member] : [])),
  );
  const smaller = await resetAsMany(report, innocent.flat(), fails);
  return keepOneKey(smaller, fails);
}

/** Each is innocent alone; all of them together may not be. */
async function resetAsMany(
  report: ManagedClientStatus,
  innocent: readonly (typeof members)[number][],
  fails: Fails,
): Promise<ManagedClientStatus> {
  if (innocent.length === 0) return report;
  const all = reset(report, innocent);
  if (innocent.length === 1 || (await fails(all))) return all;
  let current = report;
  for (const member of innocent) {
    const candidate = reset(current, [member]);
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

function reset(report: ManagedClientStatus, names: readonly (typeof members)[number][]): ManagedClientStatus {
  return { ...report, ...Object.fromEntries(names.map((name) => [name, canonical[name]])) };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Members in which a report differs from the canonical one: the cells that bend those members use the same name. */
export function differences(report: ManagedClientStatus): string {
  const names = members.filter((name) => !isSame(report[name], canonical[name]));
  return names.toSorted().join('+') || 'canonical';
}
