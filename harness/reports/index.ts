import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { environment } from '../errors.ts';
import { defaultFormats, type FormatName } from '../settings/format-names.ts';
import { ctrfReport } from './formats/ctrf.ts';
import { gitLabCodeQuality } from './formats/gitlab-code-quality.ts';
import { harReport } from './formats/har.ts';
import { sarifReport } from './formats/sarif.ts';
import { htmlReport } from './html/page.ts';
import { junitReport } from './junit.ts';
import { markdownReport } from './markdown.ts';
import type { Report } from './report.ts';

export const REPORT_FILE = 'report.json';

/** A file of a report. A format has one entry in `formats` and its name in settings/format-names.ts. */
interface Format {
  readonly file: string;
  /** @param artifact a file of the user's repository to which findings are attached */
  readonly render: (report: Report, artifact: string) => string;
}

const formats: Record<Exclude<FormatName, 'console'>, Format> = {
  json: { file: REPORT_FILE, render: (report) => `${JSON.stringify(report, null, 2)}\n` },
  junit: { file: 'junit.xml', render: junitReport },
  html: { file: 'report.html', render: htmlReport },
  markdown: { file: 'summary.md', render: markdownReport },
  sarif: { file: 'report.sarif', render: (report, artifact) => sarifReport(report, { artifact }) },
  gitlab: {
    file: 'gl-code-quality.json',
    render: (report, artifact) => gitLabCodeQuality(report, { artifact }),
  },
  ctrf: { file: 'ctrf.json', render: ctrfReport },
  har: { file: 'report.har', render: harReport },
};

/** The names of the files. */
export const reportFiles: readonly string[] = Object.values(formats).map(({ file }) => file);

/** Files to which code scanning can attach findings, in the order of preference. */
const ARTIFACTS = ['mch.config.json', 'fuzz-baseline.json', 'package.json', 'README.md'];

/**
 * Writes the selected formats and removes files of others, which would be from an earlier run. Synchronous, because a second
 * interruption ends the process.
 * @throws {HarnessError} of kind environment
 */
export function writeReports(
  report: Report,
  folder: string,
  selected: readonly FormatName[] = defaultFormats,
): void {
  const artifact = artifactIn('.');
  try {
    for (const [name, { file, render }] of Object.entries(formats)) {
      const path = join(folder, file);
      // Other commands read report.json.
      const isSelected = file === REPORT_FILE || selected.includes(name as FormatName);
      if (isSelected) writeFileSync(path, render(report, artifact));
      else rmSync(path, { force: true });
    }
  } catch (error) {
    throw environment('reports.not-written', { folder, problem: problemOf(error) }, error);
  }
}

function artifactIn(folder: string): string {
  return ARTIFACTS.find((file) => existsSync(join(folder, file))) ?? REPORT_FILE;
}

/** The code of a file system error, such as ENOSPC. */
export function problemOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
