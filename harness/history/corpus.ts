import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { forManagedClient, type TestCase } from '../../property/index.ts';
import { usage, type HarnessError } from '../errors.ts';
import type { Report, ReportedFinding } from '../reports/report.ts';
import { readVersionedJson } from '../settings/json-object.ts';

const SCHEMA_VERSION = 2;

/** A finding of the property layer as a file. */
export interface CorpusEntry {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly id: string;
  readonly code: string;
  readonly severity: string;
  readonly title: string;
  readonly foundAt: string;
  readonly seed: number;
  /** The version to which the seed belongs. */
  readonly fastCheck: string;
  /** The managed client on which it was found. */
  readonly managedClient: string;
  readonly testCase: TestCase;
  /** How often it occurred. */
  readonly count: number;
  /** How often its requests were sent; null if unknown. */
  readonly sent: number | null;
}

/** Test cases in this folder are sent first in each run. */
export const CORPUS_FOLDER = 'fuzz-corpus';

/** The test case of an entry, for a managed client of this target. */
export function testCaseFor({ id, managedClient, testCase }: CorpusEntry, own: string): TestCase {
  return { ...forManagedClient(testCase, managedClient, own), name: `corpus-${id}` };
}

/** @throws {HarnessError} of kind usage if a file is not an entry */
export function readCorpus(folder: string): CorpusEntry[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.toSorted().map((name) => readCorpusEntry(join(folder, name)));
}

/** @throws {HarnessError} of kind usage */
export function readCorpusEntry(file: string): CorpusEntry {
  const unusable = (problem: string): HarnessError => usage('corpus.unusable', { file, problem });
  const entry: Partial<CorpusEntry> = readVersionedJson(file, SCHEMA_VERSION, unusable);
  const { schemaVersion, id, testCase, managedClient } = entry;
  const isEntry =
    schemaVersion === SCHEMA_VERSION &&
    typeof id === 'string' &&
    Array.isArray(testCase?.steps) &&
    typeof managedClient === 'string';
  if (!isEntry) throw unusable('it is not a finding of the property layer');
  return entry as CorpusEntry;
}

/** Writes the new findings of the property layer to a folder, one file each. */
export function writeCorpus(
  { findings, startedAt, seed }: Report,
  folder: string,
  origin: Pick<CorpusEntry, 'managedClient' | 'fastCheck'>,
): void {
  const entries = findings.flatMap((finding): CorpusEntry[] => {
    const { replayData, known } = finding;
    if (known || replayData?.layer !== 'property') return [];
    const { testCase } = replayData;
    return [
      { schemaVersion: SCHEMA_VERSION, ...summaryOf(finding), foundAt: startedAt, seed, ...origin, testCase },
    ];
  });
  if (entries.length > 0) mkdirSync(folder, { recursive: true });
  for (const entry of entries) {
    writeFileSync(join(folder, `${entry.id}.json`), `${JSON.stringify(entry, null, 2)}\n`);
  }
}

function summaryOf({
  id,
  code,
  severity,
  title,
  count,
  sent,
}: ReportedFinding): Pick<CorpusEntry, 'id' | 'code' | 'severity' | 'title' | 'count' | 'sent'> {
  return { id, code, severity, title, count, sent };
}
