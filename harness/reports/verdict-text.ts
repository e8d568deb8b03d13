import { targetName } from '../settings/target-name.ts';
import type { Report } from './report.ts';

/** The verdict of a run in one sentence. */
export function verdictText(report: Report): string {
  return verdictTexts[report.exitCode](report);
}

const verdictTexts: Record<Report['exitCode'], (report: Report) => string> = {
  0: ({ findings, target, failOn }) => {
    const added = countNew(findings);
    const known = findings.length - added;
    const exceptions = [added > 0 && `${counted(added)} below ${failOn}`, known > 0 && `${known} known`];
    const list = exceptions.filter((part) => part !== false).join(' and ');
    return `Passed: ${targetName(target)} keeps its contract${list === '' ? '' : `, except for ${list}`}.`;
  },
  1: ({ findings, target }) => `Failed: ${counted(countNew(findings))} at ${targetName(target)}.`,
  3: ({ target }) => `Inconclusive: too little was evaluated at ${targetName(target)}.`,
};

function counted(findings: number): string {
  return `${findings} ${findings === 1 ? 'finding' : 'findings'}`;
}

function countNew(findings: Report['findings']): number {
  return findings.filter(({ known }) => !known).length;
}
