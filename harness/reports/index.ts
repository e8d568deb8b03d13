import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { usage } from '../errors.ts';
import { junitReport } from './junit.ts';
import type { Report } from './report.ts';

/** The files of a report, by name. A report is one entry here. */
const writers: Record<string, (report: Report) => string> = {
  'report.json': (report) => `${JSON.stringify(report, null, 2)}\n`,
  'junit.xml': junitReport,
};

export const REPORT_FILE = 'report.json';

/**
 * Makes sure the folder can be written before anything is sent.
 * @param others files that are written there beside the report
 * @throws {HarnessError} of kind usage
 */
export async function checkReportsFolder(folder: string, others: readonly string[] = []): Promise<void> {
  const probe = join(folder, '.write-test');
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(probe, '');
    await rm(probe);
    for (const name of [...Object.keys(writers), ...others]) await checkFile(join(folder, name));
  } catch (error) {
    const problem = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw usage('reports.unwritable', { folder, problem });
  }
}

export async function writeReports(report: Report, folder: string): Promise<void> {
  for (const [name, write] of Object.entries(writers)) await writeFile(join(folder, name), write(report));
}

/** A report of an earlier run may be there; a folder or a file of somebody else's may not. */
async function checkFile(path: string): Promise<void> {
  const file = await open(path, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  await file?.close();
}
