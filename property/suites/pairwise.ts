import {
  managedClientStatusEnum,
  managedClientType,
  type ManagedClientStatus,
  type MutationInfo,
} from '../../core/index.ts';
import { bodyKeys } from '../arbitraries/keys.ts';
import { validTimestamps } from '../arbitraries/timestamps.ts';
import { shorten } from '../mutations/mutation.ts';
import { mapConcurrently } from '../runner/map-concurrently.ts';
import { findingIdsIn } from '../runner/outcomes.ts';
import { writeSpec } from '../runner/requests.ts';
import type { TargetIds } from '../runner/target-ids.ts';
import type { TestCase } from '../runner/test-case.ts';
import { UNATTRIBUTED } from '../triage/reports.ts';
import type { SuiteContext } from './suite.ts';

/** The timestamps to combine, by the names of their mutations. */
const timestamps = [
  'fraction-1',
  'fraction-3',
  'fraction-6',
  'fraction-9',
  'offset-zero',
  'offset-minus-zero',
  'offset-plus-14',
  'offset-minus-12',
  'offset-half-hour',
  'feb29',
] as const satisfies readonly (keyof typeof validTimestamps)[];

/** The values to combine. Each is valid: two invalid values would hide each other. */
export const factors = {
  status: managedClientStatusEnum.enum,
  type: managedClientType.enum,
  timestamp: timestamps.map((name) => validTimestamps[name]),
  body: [{}, { state: null }, ...bodyKeys.map((key) => ({ [key]: 1 }))],
  order: ['as documented', 'reversed'],
  format: ['compact', 'indented'],
} as const;

/** Indices of values. */
export type PairwiseRow = Readonly<Record<keyof typeof factors, number>>;

/**
 * Rows in which each pair of values occurs that contains a status or a type. The number of rows is the product of the two
 * largest factors that must be combined, which is the minimum. The other columns cycle through their values at other
 * rates; pairwise.test.ts verifies the pairs.
 */
export function pairwiseRows(): PairwiseRow[] {
  const statuses = factors.status.length;
  return factors.body.flatMap((_, body) =>
    factors.status.map((_, status): PairwiseRow => ({
      status,
      body,
      type: (status + body) % factors.type.length,
      timestamp: (2 * status + body) % factors.timestamp.length,
      order: (Math.floor(body / statuses) + status) % 2,
      format: Math.floor((body + status) / 2) % 2,
    })),
  );
}

/** Writes valid reports that combine each pair of unusual values. */
export async function runPairwiseReports(context: SuiteContext): Promise<void> {
  const { target, run, attribution, report, concurrency } = context;
  const send = (row: PairwiseRow) => run(rowTestCase(row, target));
  await mapConcurrently(pairwiseRows(), concurrency, send, async (outcome, row) => {
    const outcomes =
      findingIdsIn(outcome).length === 0
        ? [outcome]
        : await attribution.attributeReport({ report: reportOf(row), outcome });
    for (const one of outcomes) await report(one);
  });
}

function reportOf({ status, type, timestamp, body }: PairwiseRow): ManagedClientStatus {
  return {
    body: factors.body[body] ?? {},
    status: factors.status[status] ?? 'NORMAL',
    type: factors.type[type] ?? null,
    timestamp: factors.timestamp[timestamp] ?? '',
  };
}

function rowTestCase(row: PairwiseRow, target: TargetIds): TestCase {
  const body = write(reportOf(row), row);
  const name = `pair-${row.status}-${row.type}-${row.timestamp}-${row.body}`;
  const mutation: MutationInfo = { name, fingerprintClass: UNATTRIBUTED, after: shorten(body) };
  return { name, suite: 'pairwise', steps: [writeSpec({ target, body, expectation: 'accept', mutation })] };
}

function write(report: ManagedClientStatus, { order, format }: PairwiseRow): string {
  const entries = Object.entries(report);
  const ordered = Object.fromEntries(order === 0 ? entries : entries.toReversed());
  return JSON.stringify(ordered, null, format === 0 ? 0 : 2);
}
