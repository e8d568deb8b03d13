import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { forClient, type Probe } from '../../property/index.ts';
import { usage, type HarnessError } from '../errors.ts';
import type { Report, ReportedFinding } from '../reports/report.ts';
import { readJsonObject } from '../settings/json-object.ts';

/** A finding of the fuzzer as a file: its bytes decide, its names explain. Whoever wants it sent first in each run commits it. */
export interface CorpusEntry {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly code: string;
  readonly severity: string;
  readonly title: string;
  readonly foundAt: string;
  readonly seed: number;
  /** Seeds and paths hold for this version alone. */
  readonly fastCheck: string;
  /** The managed client that it was found on: another one takes its place elsewhere. */
  readonly client: string;
  readonly probe: Probe;
  /** How often the finding was seen and its requests were sent; entries of earlier versions lack them. */
  readonly count?: number;
  readonly sent?: number | null;
}

/** The probe of an entry, for a managed client of this target. */
export function probeFor({ client, probe }: CorpusEntry, own: string): Probe {
  return forClient(probe, client, own);
}

/** Sent first in each run, where it is there: findings that must not come back. */
export const CORPUS_FOLDER = 'fuzz-corpus';

/** @throws {HarnessError} of kind usage where a file is no entry */
export function readCorpus(folder: string): CorpusEntry[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.toSorted().map((name) => readCorpusEntry(join(folder, name)));
}

/** @throws {HarnessError} of kind usage */
export function readCorpusEntry(file: string): CorpusEntry {
  const unusable = (problem: string): HarnessError => usage('corpus.unusable', { file, problem });
  const entry: Partial<CorpusEntry> = readJsonObject(file, unusable);
  if (
    entry.schemaVersion !== 1 ||
    typeof entry.id !== 'string' ||
    !Array.isArray(entry.probe?.steps) ||
    typeof entry.client !== 'string'
  ) {
    throw unusable('it is no finding of the fuzzer');
  }
  return entry as CorpusEntry;
}

/** Writes what the fuzzer found beside the report, a file for each. @returns how many */
export function writeCorpus(
  { findings, startedAt, seed }: Report,
  folder: string,
  made: Pick<CorpusEntry, 'client' | 'fastCheck'>,
): number {
  const found = findings.filter(({ rerun, known }) => rerun?.layer === 'property' && !known);
  if (found.length > 0) mkdirSync(folder, { recursive: true });
  for (const finding of found) {
    const entry = entryOf(finding, { foundAt: startedAt, seed, ...made });
    writeFileSync(join(folder, `${finding.id}.json`), `${JSON.stringify(entry, null, 2)}\n`);
  }
  return found.length;
}

function entryOf(
  { id, code, severity, title, count, sent, rerun }: ReportedFinding,
  run: Pick<CorpusEntry, 'foundAt' | 'seed' | 'client' | 'fastCheck'>,
): CorpusEntry {
  return { schemaVersion: 1, id, code, severity, title, count, sent, ...run, probe: rerun?.data as Probe };
}
