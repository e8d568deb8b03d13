import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { environment } from '../errors.ts';
import { junitReport } from './junit.ts';
import type { Report } from './report.ts';

export const REPORT_FILE = 'report.json';

/** The report formats by file name. A format has one entry here. */
const formats: Record<string, (report: Report) => string> = {
  [REPORT_FILE]: (report) => `${JSON.stringify(report, null, 2)}\n`,
  'junit.xml': junitReport,
};

/** The names of the files. */
export const reportFiles: readonly string[] = Object.keys(formats);

/**
 * Writes all formats, synchronously, because a second interruption ends the process.
 * @throws {HarnessError} of kind environment
 */
export function writeReports(report: Report, folder: string): void {
  try {
    for (const [name, format] of Object.entries(formats)) writeFileSync(join(folder, name), format(report));
  } catch (error) {
    throw environment('reports.not-written', { folder, problem: problemOf(error) }, error);
  }
}

/** The code of a file system error, such as ENOSPC. */
export function problemOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
