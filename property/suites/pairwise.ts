import {
  managedClientStatusEnum,
  managedClientType,
  type CellNote,
  type ManagedClientStatus,
  type Outcome,
} from '../../core/index.ts';
import type { Attribution, Failed } from '../triage/attribution.ts';
import { shorten } from '../mutations/mutation.ts';
import { validTimestamps } from '../arbitraries/timestamps.ts';
import { KEYS } from '../arbitraries/keys.ts';
import type { Place } from '../runner/target-ids.ts';
import type { Probe } from '../runner/test-case.ts';
import { inParallel } from '../runner/in-parallel.ts';
import { postStep } from '../runner/requests.ts';
import { keysOf } from '../runner/run-test-case.ts';
import type { Run } from '../runner/runner.ts';
import { UNNAMED } from '../triage/control-request.ts';

/** What is combined. Every value is right for itself: two wrong ones would hide each other. */
export const factors = {
  status: managedClientStatusEnum.enum,
  type: managedClientType.enum,
  timestamp: Object.values(validTimestamps).slice(0, 14),
  body: [{}, { state: null }, ...KEYS.map((key) => ({ [key]: 1 }))],
  order: ['as documented', 'reversed'],
  format: ['compact', 'indented'],
} as const;

/** Indices into the factors. */
export type Row = Readonly<Record<keyof typeof factors, number>>;

/**
 * Rows in which every pair of values that touches a status or a type comes together at least once: the product of the
 * two largest factors that have to meet, which is the least there can be. The other columns run through their values
 * at other paces; pairwise.test.ts counts the pairs.
 */
export function pairwiseRows(): Row[] {
  const statuses = factors.status.length;
  return factors.body.flatMap((_, body) =>
    factors.status.map((_, status): Row => ({
      status,
      body,
      type: (status + body) % factors.type.length,
      timestamp: (2 * status + body) % factors.timestamp.length,
      order: (Math.floor(body / statuses) + status) % 2,
      format: Math.floor((body + status) / 2) % 2,
    })),
  );
}

interface PairwiseOptions {
  readonly place: Place;
  readonly inFlight: number;
  readonly run: Run;
  readonly attribution: Attribution;
}

/** Phase B: valid reports that bring every two unusual values together. */
export async function* pairwiseReports(options: PairwiseOptions): AsyncGenerator<Outcome> {
  const { place, inFlight, run, attribution } = options;
  const failed: Failed[] = [];
  const sendRow = async (row: Row): Promise<Failed> => ({
    report: reportOf(row),
    outcome: await run(rowProbe(row, place)),
  });
  try {
    for await (const sent of inParallel(pairwiseRows(), inFlight, sendRow)) {
      if (keysOf(sent.outcome).length === 0) yield sent.outcome;
      else failed.push(sent);
    }
  } catch (error) {
    for (const { outcome } of failed) yield outcome;
    throw error;
  }
  yield* attribution.settleAll(failed);
}

function reportOf({ status, type, timestamp, body }: Row): ManagedClientStatus {
  return {
    body: factors.body[body] ?? {},
    status: factors.status[status] ?? 'NORMAL',
    type: factors.type[type] ?? null,
    timestamp: factors.timestamp[timestamp] ?? '',
  };
}

function rowProbe(row: Row, place: Place): Probe {
  const body = write(reportOf(row), row);
  const what = `pair-${row.status}-${row.type}-${row.timestamp}-${row.body}`;
  const cell: CellNote = { id: what, group: UNNAMED, sent: shorten(body) };
  return { what, family: 'pairwise', steps: [postStep({ place, body, expectation: 'accept', cell })] };
}

function write(report: ManagedClientStatus, { order, format }: Row): string {
  const entries = Object.entries(report);
  const ordered = Object.fromEntries(order === 0 ? entries : entries.toReversed());
  return JSON.stringify(ordered, null, format === 0 ? 0 : 2);
}
