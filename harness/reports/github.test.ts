import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from '@jest/globals';

import { tenFindings } from './formats/test-support/sample-report.ts';
import { reportToGitHub } from './github.ts';
import { writeReports } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'mch-test-reports-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The output of a job with these variables. */
function outputWith(env: Readonly<Record<string, string>>): string {
  let output = '';
  reportToGitHub(tenFindings, { env, stdout: { write: (text) => (output += text) } });
  return output;
}

test('under GitHub Actions a report has annotations and a job summary', () => {
  const summary = join(folder, 'summary');
  const output = outputWith({ GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary });
  expect(output).toMatch(/^::error title=/);
  expect(readFileSync(summary, 'utf8')).toContain('## ❌ Failed');
});

test('a summary that cannot be written does not end the run', () => {
  const output = outputWith({ GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(folder, 'none', 'summary') });
  expect(output).toContain('The job summary was not written');
});

test('elsewhere nothing is printed', () => {
  expect(outputWith({})).toBe('');
});

test('files of formats that are not selected are removed', () => {
  const exists = (file: string): boolean => {
    try {
      return readFileSync(join(folder, file), 'utf8').length > 0;
    } catch {
      return false;
    }
  };
  writeReports(tenFindings, folder, ['html', 'sarif', 'har']);
  expect(['report.json', 'report.html', 'report.sarif', 'report.har', 'junit.xml'].map(exists)).toEqual([
    true,
    true,
    true,
    true,
    false,
  ]);
  writeReports(tenFindings, folder, ['junit']);
  expect(['report.json', 'report.html', 'report.sarif', 'junit.xml'].map(exists)).toEqual([
    true,
    false,
    false,
    true,
  ]);
});
