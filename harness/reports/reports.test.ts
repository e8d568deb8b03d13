import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { convert } from 'xmlbuilder2';

import { inconclusiveBecause, outcomeOf, violation, type Exchange, type Judged } from '../../core/index.ts';
import { Collector } from '../run/collector.ts';
import { Traffic } from '../run/traffic.ts';
import type { Given } from '../settings/read.ts';
import { runSettings } from '../settings/run-settings.ts';
import { consoleReport } from './console.ts';
import { curlOf } from './curl.ts';
import { junitReport } from './junit.ts';
import { makeReport } from './make-report.ts';
import type { Report } from './report.ts';
import { reportSchema } from './report.schema.ts';

const exchange: Exchange = {
  request: {
    method: 'POST',
    url: "http://x/beta/managed-clients/it's/status",
    headers: [
      ['Authorization', 'Bearer <user token>'],
      ['Content-Type', 'application/json'],
    ],
    body: { kind: 'text', text: `{"a":"it's \u0001"}` },
  },
  answer: {
    kind: 'response',
    status: 200,
    headers: [],
    headerLines: 'separate',
    body: { kind: 'bytes', bytes: new Uint8Array([0, 255]) },
  },
  sentAt: 0,
  receivedAt: 1,
};

const intent = {
  operation: 'updateManagedClientStatus',
  expectation: 'reject',
  isManagedClientKnown: true,
  mutation: {
    name: 'enum-lower@status',
    fingerprintClass: 'enum@status',
    before: '"NORMAL"',
    after: '"normal"',
  },
} as const;

function judged(
  violations: Judged['judgement']['violations'] = [],
  inconclusive: Judged['judgement']['inconclusive'] = [],
): Judged {
  return { exchange, intent, judgement: { violations, inconclusive } };
}

const accepted = violation('request.invalid.accepted', {
  site: 'enum@status',
  details: { status: 200, documented: '400' },
});
const minor = violation('request.media.accepted', { details: { status: 200, documented: '400 or 415' } });

interface CheckSpec {
  readonly layer?: 'property' | 'load';
  readonly suite?: string;
  readonly of?: Judged;
}

function reportOf(checks: readonly CheckSpec[], stopped?: string, given: Given = {}): Report {
  const collector = new Collector();
  for (const { layer = 'property', suite = 'enum', of = judged() } of checks) {
    const replay = { layer: 'load', check: suite } as const;
    collector.add(outcomeOf({ layer, name: `${suite}-1`, suite, replay }, [of]));
  }
  if (stopped !== undefined) collector.layer('load').stopped = stopped;
  return makeReport({
    settings: runSettings({ layers: [], given, env: {}, newSeed: () => 7, isLoopback: false }),
    collector,
    traffic: new Traffic(),
    url: 'http://x',
    startedAt: new Date(0),
    durationMs: 5,
    version: '0.0.0',
    notes: [],
  });
}

const ajv = new Ajv({ strict: true, allowUnionTypes: true });
addFormats(ajv);
const isReport = ajv.compile(reportSchema);

describe('the verdict', () => {
  const inconclusive = { of: judged([], [inconclusiveBecause('environment.rate-limited')]) };
  test.each<[string, CheckSpec[], string | undefined, number]>([
    ['is 0 if everything was evaluated', [{}, {}], undefined, 0],
    ['is 1 with a finding at the threshold', [{ of: judged([accepted]) }], undefined, 1],
    ['is 0 with findings below the threshold', [{ of: judged([minor]) }], undefined, 0],
    [
      'is 3 if a tenth was not evaluated',
      [...Array.from({ length: 8 }, () => ({})), inconclusive],
      undefined,
      3,
    ],
    [
      'is 0 if less than a tenth was not',
      [...Array.from({ length: 10 }, () => ({})), inconclusive],
      undefined,
      0,
    ],
    ['is 3 if nothing was attempted', [], undefined, 3],
    ['is 3 if a layer was stopped', [{}], 'no k6', 3],
    ['is 1 with findings in an incomplete run', [{ of: judged([accepted]) }], 'no k6', 1],
    [
      'is 3 if a response with a minor finding is inconclusive',
      [{ of: judged([minor], [inconclusiveBecause('environment.rate-limited')]) }],
      undefined,
      3,
    ],
  ])('%s', (_, checks, stopped, exitCode) => {
    const report = reportOf(checks, stopped);
    expect([report.exitCode, isReport(report), isReport.errors]).toEqual([exitCode, true, null]);
  });
});

test('a finding has one entry for all layers', () => {
  const of = judged([accepted]);
  const { findings } = reportOf([{ of }, { of, layer: 'load' }, { of, suite: 'other' }]);
  expect(findings).toMatchObject([{ count: 3, layer: 'property', seenBy: ['property', 'load'] }]);
});

test('the console shows the response, the documentation and the replay command', () => {
  const text = consoleReport(reportOf([{ of: judged([accepted]) }]), { colour: false, folder: 'reports' });
  expect(text).toContain('✗ updateManagedClientStatus · invalid request accepted  request.invalid.accepted');
  expect(text).toContain('Received    status 200');
  expect(text).toContain('Mutation    enum-lower@status ("NORMAL" → "normal")');
  expect(text).toMatch(/Replay {6}npm run -s mch -- replay [0-9a-f]{8}/);
});

test('curl commands quote texts and tokens', () => {
  expect(curlOf(exchange)).toBe(
    String.raw`curl -i --path-as-is --globoff -X POST -H 'Authorization: Bearer '"$SAIL_ACCESS_TOKEN"'' -H 'Content-Type: application/json' --data-binary '{"a":"it'\''s ` +
      `\u0001` +
      String.raw`"}' 'http://x/beta/managed-clients/it'\''s/status'`,
  );
});

test('JUnit is valid XML for any text, and counts failures, errors and skipped cases', () => {
  const report = reportOf(
    [
      { of: judged([accepted]) },
      { suite: 'passing' },
      { suite: 'unevaluated', of: judged([], [inconclusiveBecause('load.pacing', { why: 'x' })]) },
    ],
    'no k6',
  );
  const { testsuites } = convert(junitReport(report), { format: 'object' }) as unknown as {
    testsuites: {
      testsuite: { '@name': string; '@tests': string; '@failures': string; '@errors': string }[];
    };
  };
  expect(testsuites.testsuite).toMatchObject([
    { '@name': 'property', '@tests': '3', '@failures': '1', '@errors': '1' },
    { '@name': 'load', '@tests': '1', '@failures': '0', '@errors': '1' },
  ]);
});

test('--redact leaves the bodies of responses out, and those of requests in', () => {
  const bodiesWith = (given: Given): unknown => {
    const [finding] = reportOf([{ of: judged([accepted]) }], undefined, given).findings;
    return [typeof finding?.exchange?.request.body, typeof finding?.exchange?.response.body];
  };
  expect([bodiesWith({}), bodiesWith({ redact: true })]).toEqual([
    ['string', 'string'],
    ['string', 'object'],
  ]);
});
