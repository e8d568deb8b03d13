import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { usage } from '../errors.ts';
import { junitReport } from './junit.ts';
import type { Report } from './report.ts';

export const REPORT_FILE = 'report.json';

/** The report formats by file name. A format has one entry here. */
const formats: Record<string, (report: Report) => string> = {
  [REPORT_FILE]: (report) => `${JSON.stringify(report, null, 2)}\n`,
  'junit.xml': junitReport,
};

/**
 * Checks before a run that the reports can be written.
 * @param others names of other files in the folder
 * @throws {HarnessError} of kind usage
 */
export async function checkReportsFolder(folder: string, others: readonly string[] = []): Promise<void> {
  const probe = join(folder, '.write-test');
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(probe, '');
    await rm(probe);
    for (const name of [...Object.keys(formats), ...others]) await checkFile(join(folder, name));
  } catch (error) {
    const problem = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw usage('reports.unwritable', { folder, problem });
  }
}

export async function writeReports(report: Report, folder: string): Promise<void> {
  for (const [name, format] of Object.entries(formats)) await writeFile(join(folder, name), format(report));
}

/** An existing file must be writable. */
async function checkFile(path: string): Promise<void> {
  const file = await open(path, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  await file?.close();
}
