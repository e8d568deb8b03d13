import { appendFileSync } from 'node:fs';

import { gitHubAnnotations } from './formats/github-annotations.ts';
import { markdownReport } from './markdown.ts';
import type { Report } from './report.ts';

/** The parts of the process that the report needs. */
interface GitHubJob {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { write(text: string): unknown };
}

/** Adds the report to the summary of a GitHub job and prints its annotations. Does nothing elsewhere. */
export function reportToGitHub(report: Report, { env, stdout }: GitHubJob): void {
  if (env['GITHUB_ACTIONS'] !== 'true') return;
  for (const annotation of gitHubAnnotations(report)) stdout.write(`${annotation}\n`);
  const file = env['GITHUB_STEP_SUMMARY'];
  if (!file) return;
  try {
    appendFileSync(file, markdownReport(report));
  } catch (error) {
    stdout.write(`The job summary was not written: ${String(error)}\n`);
  }
}
