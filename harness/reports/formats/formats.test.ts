import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { validateStrict, type CTRFReport } from 'ctrf';

import { codes, type Code } from '../../../core/index.ts';
import type { Report } from '../report.ts';
import { reportSchema } from '../report.schema.ts';
import { artifactPath } from './artifact-path.ts';
import { ctrfReport } from './ctrf.ts';
import { gitLabCodeQuality } from './gitlab-code-quality.ts';
import { harReport } from './har.ts';
import { sarifReport } from './sarif.ts';
import { gitHubProblems, type SarifLog } from './test-support/github-sarif-rules.ts';
import {
  cleanReport,
  hostileReport,
  inconclusiveReport,
  reportWith,
  sampleExchange,
  sampleFinding,
  sampleReport,
  tenFindings,
  UNPRINTABLE,
} from './test-support/sample-report.ts';
import { codeQualityProblems, harProblems, sarifProblems } from './test-support/validators.ts';

const ajv = new Ajv({ strict: true, allowUnionTypes: true });
addFormats(ajv);
const isReport = ajv.compile(reportSchema);

const artifact = 'api/contract.json';
const samples: [string, Report][] = [
  ['a clean run', cleanReport],
  ['ten findings', tenFindings],
  ['an inconclusive run', inconclusiveReport],
  ['hostile texts', hostileReport],
  ['a run without layers', sampleReport({ verdict: 'inconclusive', exitCode: 3, layers: [], groups: [] })],
];

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

test.each(samples)('the sample of %s is a valid report', (_, report) => {
  expect([isReport(report), isReport.errors]).toEqual([true, null]);
});

test.each([
  ['mch.config.json', 'mch.config.json'],
  ['./docs/API.md', 'docs/API.md'],
  [String.raw`docs\API.md`, 'docs/API.md'],
  ['https://api.example.test/x', 'report.json'],
  ['localhost:8080', 'report.json'],
  [String.raw`C:\api.json`, 'report.json'],
  ['/etc/passwd', 'report.json'],
  [String.raw`\\host\share`, 'report.json'],
  ['docs/../../x', 'report.json'],
  ['a\nb', 'report.json'],
  ['./', 'report.json'],
  ['', 'report.json'],
])('the artifact %j becomes %s', (given, expected) => {
  expect(artifactPath(given)).toBe(expected);
});

describe('SARIF', () => {
  const read = (report: Report): SarifLog => JSON.parse(sarifReport(report, { artifact })) as SarifLog;
  const runOf = (report: Report) => read(report).runs[0];

  test.each(samples)('is valid and follows the rules of GitHub: %s', (_, report) => {
    const log = read(report);
    expect([sarifProblems(log), gitHubProblems(log)]).toEqual([[], []]);
    expect(textsIn(log).filter((text) => UNPRINTABLE.test(text))).toEqual([]);
  });

  test('has a valid rule for every code', () => {
    const all = Object.keys(codes).map((code, index) => sampleFinding(index, { code: code as Code }));
    const log = read(reportWith(all));
    expect([sarifProblems(log), gitHubProblems(log)]).toEqual([[], []]);
    expect(log.runs[0]?.tool.driver.rules).toHaveLength(all.length);
  });

  test('the validators reject corrupted logs', () => {
    const log = sarifReport(tenFindings, { artifact });
    const corrupted = (before: string, after: string): unknown => {
      expect(log).toContain(before);
      return JSON.parse(log.replaceAll(before, after));
    };
    expect(sarifProblems(corrupted('"level": "error"', '"level": "fatal"'))).not.toEqual([]);
    for (const [before, after] of [
      ['"results"', '"none"'],
      [`"uri": "${artifact}"`, '"uri": "https://api.example.test"'],
      [`"uri": "${artifact}"`, '"uri": ""'],
      ['"endColumn": 2', '"endColumn": 0'],
      ['"primaryLocationLineHash"', '"other"'],
      ['"security-severity": "9.1"', '"security-severity": "high"'],
      ['"ruleIndex": 1', '"ruleIndex": 0'],
    ] as const) {
      expect(gitHubProblems(corrupted(before, after) as SarifLog)).not.toEqual([]);
    }
  });

  test('shows severity, occurrence and commands; known findings are suppressed notes', () => {
    const results = runOf(tenFindings)?.results ?? [];
    const levels = results.map(({ level }) => level);
    expect(levels).toEqual([...Array<string>(8).fill('error'), 'warning', 'note']);
    expect(results.flatMap(({ suppressions = [] }) => suppressions)).toMatchObject([{ kind: 'external' }]);
    expect(results[0]?.message.text).toBe(
      [
        'updateManagedClientStatus · invalid request accepted.',
        'Received: status 200',
        'Documented: 400 (RFC 9110 §15.6)',
        'Finding: 00000001, seen 3 of 80 times',
        'Replay: npm run -s mch -- replay 00000001 --target https://api.example.test',
      ].join('\n'),
    );
    expect(results[0]?.partialFingerprints).toEqual({
      primaryLocationLineHash: '00000001:1',
      'finding/v1': '00000001',
    });
  });

  test('an inconclusive run was not successful and names the reasons', () => {
    expect(runOf(inconclusiveReport)).toMatchObject({
      invocations: [
        {
          executionSuccessful: false,
          exitCode: 3,
          toolExecutionNotifications: [
            { message: { text: 'property: 10 of 100 evaluated; throttled' } },
            { message: { text: 'load: k6 is missing' } },
          ],
        },
      ],
      results: [],
    });
    expect(runOf(tenFindings)?.invocations).toMatchObject([{ executionSuccessful: true, exitCode: 1 }]);
  });

  test('omits the least severe findings above the limit of GitHub and says so', () => {
    const many = Array.from({ length: 5001 }, (_, index) =>
      sampleFinding(index, { severity: index === 0 ? 'minor' : 'major' }),
    );
    const log = read(reportWith(many));
    expect([sarifProblems(log), gitHubProblems(log)]).toEqual([[], []]);
    expect(log.runs[0]?.results?.some(({ level }) => level === 'warning')).toBe(false);
    expect(log.runs[0]?.invocations[0]?.toolExecutionNotifications).toMatchObject([
      { message: { text: 'The report has 5001 findings. This file has the 5000 most severe ones.' } },
    ]);
  });

  test('encodes the path and makes no links from the texts of a target', () => {
    const text = sarifReport(hostileReport, { artifact: 'my docs/50%#?.md' });
    expect(text).toContain('"uri": "my%20docs/50%25%23%3F.md"');
    expect(text).not.toContain('](');
  });
});

describe('GitLab code quality', () => {
  const read = (report: Report): unknown => JSON.parse(gitLabCodeQuality(report, { artifact }));

  test.each(samples)('is valid: %s', (_, report) => {
    const entries = read(report);
    expect(codeQualityProblems(entries)).toEqual([]);
    expect(textsIn(entries).filter((text) => UNPRINTABLE.test(text))).toEqual([]);
  });

  test('the validator rejects another severity and a URL', () => {
    const text = gitLabCodeQuality(tenFindings, { artifact });
    expect(codeQualityProblems(JSON.parse(text.replace('"major"', '"fatal"')))).not.toEqual([]);
    expect(codeQualityProblems(JSON.parse(text.replace(artifact, 'https://x/y')))).not.toEqual([]);
  });

  test('has the id, the code and the severity', () => {
    const entries = read(tenFindings) as { severity: string }[];
    expect(entries[0]).toEqual({
      description: expect.stringContaining('Received: status 200; Documented: 400'),
      check_name: 'response.status.server-error',
      fingerprint: '00000001',
      severity: 'critical',
      location: { path: artifact, lines: { begin: 1 } },
    });
    expect(entries.map(({ severity }) => severity).slice(-2)).toEqual(['info', 'minor']);
  });
});

describe('CTRF', () => {
  const read = (report: Report): CTRFReport => JSON.parse(ctrfReport(report)) as CTRFReport;

  test.each(samples)('is valid: %s', (_, report) => {
    const ctrf = read(report);
    expect(() => validateStrict(ctrf)).not.toThrow();
    const { tests, passed, failed, skipped, other } = ctrf.results.summary;
    expect([passed + failed + skipped + other, tests]).toEqual([tests, ctrf.results.tests.length]);
    expect(textsIn(ctrf).filter((text) => UNPRINTABLE.test(text))).toEqual([]);
  });

  test('the validator rejects another status', () => {
    const text = ctrfReport(tenFindings).replace('"status": "failed"', '"status": "broken"');
    expect(() => validateStrict(JSON.parse(text))).toThrow('status');
  });

  test('has a failed test with the ids of its findings', () => {
    const [failed] = read(tenFindings).results.tests;
    expect(failed).toMatchObject({ name: 'enum', suite: ['property'], status: 'failed', duration: 0 });
    expect(failed?.extra?.['findings']).toHaveLength(10);
    expect(failed?.stdout?.filter((line) => line.startsWith('Finding:'))).toHaveLength(2);
  });

  test('distinguishes skipped and inconclusive groups, and fails for layers without a verdict', () => {
    const { tests, summary } = read(inconclusiveReport).results;
    expect(tests).toMatchObject([
      { name: 'enum', status: 'passed' },
      { name: 'dates', status: 'skipped', message: String.raw`no token\nof a tenant` },
      { name: 'property', status: 'other', rawStatus: 'inconclusive' },
      { name: 'evaluates enough', suite: ['property'], status: 'failed', message: '10 of 100 evaluated' },
      { name: 'completes', suite: ['load'], status: 'failed', message: 'k6 is missing' },
    ]);
    expect(summary).toMatchObject({ tests: 5, passed: 1, failed: 2, skipped: 1, other: 1, suites: 2 });
  });

  test('names the consumer of an interaction', () => {
    const consumer = { name: 'portal', version: null, isPending: false, selectedBy: null };
    const group = { layer: 'property', name: 'reads', attempted: 1, evaluated: 1, findings: [] };
    const [first] = read(sampleReport({ groups: [{ ...group, consumer }] })).results.tests;
    expect(first?.suite).toEqual(['property', 'portal']);
  });
});

interface HarFile {
  readonly log: {
    readonly entries: readonly {
      readonly comment: string;
      readonly request: { readonly url: string; readonly method: string };
      readonly response: { readonly status: number; readonly comment?: string };
    }[];
  };
}

describe('HAR', () => {
  const read = (report: Report): HarFile => JSON.parse(harReport(report)) as HarFile;

  test.each(samples)('is valid: %s', (_, report) => {
    expect(harProblems(read(report))).toEqual([]);
  });

  test('the validator rejects a relative URL and a status that is not a number', () => {
    const text = harReport(tenFindings);
    expect(harProblems(JSON.parse(text.replace('https://api.example.test/', '/')))).not.toEqual([]);
    expect(harProblems(JSON.parse(text.replace('"status": 200', '"status": "200"')))).not.toEqual([]);
  });

  test('has the exchanges as reported, with placeholders', () => {
    const { entries } = read(tenFindings).log;
    expect(entries).toHaveLength(9);
    expect(entries[0]).toMatchObject({
      startedDateTime: '2026-11-30T10:00:00.000Z',
      comment: '00000001 response.status.server-error',
      request: {
        method: 'PUT',
        url: 'https://api.example.test/beta/managed-clients/1/status?type=VA',
        headers: [
          { name: 'Authorization', value: 'Bearer <user token>' },
          { name: 'Content-Type', value: 'application/json' },
        ],
        queryString: [{ name: 'type', value: 'VA' }],
        postData: { mimeType: 'application/json', text: '{"status":"normal"}' },
      },
      response: { status: 200, content: { mimeType: 'application/json', text: '{}' } },
    });
  });

  test('escapes invalid characters, keeps dot segments and explains a missing response', () => {
    const [entry] = read(hostileReport).log.entries;
    expect(entry?.request.url).toBe(
      'https://api.example.test/a/../b%25zz/%EF%BF%BD%20%7B%C3%BC%7D%7C%22%5B1%5D?q=%00&r=%25',
    );
    expect(entry?.response.status).toBe(0);
    expect(entry?.response.comment).toMatch(/^timeout: /);
  });

  test.each(['ftp://x/y', 'file:///etc/passwd', '/relative', 'http://', 'javascript:alert(1)'])(
    'has no entry for %s',
    (url) => {
      const report = reportWith([sampleFinding(1, { exchange: sampleExchange(url) })]);
      expect(read(report).log.entries).toEqual([]);
    },
  );
});
