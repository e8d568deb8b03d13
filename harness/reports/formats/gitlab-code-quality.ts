import type { Report, ReportedFinding } from '../report.ts';
import { artifactPath } from './artifact-path.ts';
import { headline, messageLines } from './finding-message.ts';
import { jsonText } from './text.ts';

export interface CodeQualityOptions {
  /** A file of the user's repository, to which GitLab attaches the findings. */
  readonly artifact: string;
}

/** The report as a code quality artifact for GitLab. */
export function gitLabCodeQuality(report: Report, { artifact }: CodeQualityOptions): string {
  const path = artifactPath(artifact);
  return jsonText(report.findings.map((finding) => entryOf(finding, path)));
}

function entryOf(finding: ReportedFinding, path: string) {
  const { id, code, severity, known } = finding;
  return {
    description: [headline(finding), ...messageLines(finding)].join('; '),
    check_name: code,
    fingerprint: id,
    // GitLab has the same three names, besides `info` and `blocker`.
    severity: known ? 'info' : severity,
    location: { path, lines: { begin: 1 } },
  };
}
