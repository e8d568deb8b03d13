import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { convert } from 'xmlbuilder2';

import { doubt, outcomeOf, violation, type Exchange, type Judged } from '../../core/index.ts';
import { Collector } from '../run/collector.ts';
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

const asked = { operation: 'updateManagedClientStatus', expectation: 'reject', clientKnown: true } as const;
const cell = { id: 'enum-lower@status', group: 'enum@status', was: '"NORMAL"', sent: '"normal"' };

function judged(
  violations: Judged['judgement']['violations'] = [],
  doubts: Judged['judgement']['doubts'] = [],
): Judged {
  return { exchange, asked: { ...asked, cell }, judgement: { violations, doubts } };
}

const accepted = violation('request.invalid.accepted', {
  site: 'enum@status',
  details: { status: 200, documented: '400' },
});
const minor = violation('request.media.accepted', { details: { status: 200, documented: '400 or 415' } });

interface Attempt {
  readonly layer?: string;
  readonly group?: string;
  readonly of?: Judged;
}

function reportOf(attempts: readonly Attempt[], stopped?: string): Report {
  const collector = new Collector();
  for (const { layer = 'property', group = 'enum', of = judged() } of attempts) {
    collector.add(outcomeOf({ layer, what: `${group}-1`, group, rerun: { layer } }, [of]));
  }
  if (stopped !== undefined) collector.layer('load').stopped = stopped;
  const settings = runSettings({ layers: [], given: {}, env: {}, freshSeed: () => 7 });
  const input = {
    settings,
    collector,
    url: 'http://x',
    startedAt: new Date(0),
    durationMs: 5,
    version: '0.0.0',
    notes: [],
  };
  return makeReport(input);
}

const ajv = new Ajv({ strict: true, allowUnionTypes: true });
addFormats(ajv);
const isReport = ajv.compile(reportSchema);

describe('the verdict', () => {
  const open = { of: judged([], [doubt('environment.rate-limited')]) };
  test.each<[string, Attempt[], string | undefined, number]>([
    ['is clean where everything was evaluated', [{}, {}], undefined, 0],
    ['is 1 with a finding that gates', [{ of: judged([accepted]) }], undefined, 1],
    ['is 0 with findings below the severity that fails', [{ of: judged([minor]) }], undefined, 0],
    ['is 3 where a tenth was not evaluated', [...Array.from({ length: 8 }, () => ({})), open], undefined, 3],
    ['is 0 where less than a tenth was not', [...Array.from({ length: 10 }, () => ({})), open], undefined, 0],
    ['is 3 where nothing was attempted', [], undefined, 3],
    ['is 3 where a layer was stopped', [{}], 'no k6', 3],
    ['is 1 where findings meet incompleteness', [{ of: judged([accepted]) }], 'no k6', 1],
    [
      'is 3 where an answer is both wrong and no answer',
      [{ of: judged([minor], [doubt('environment.rate-limited')]) }],
      undefined,
      3,
    ],
  ])('%s', (_, attempts, stopped, exitCode) => {
    const report = reportOf(attempts, stopped);
    expect([report.exitCode, isReport(report), isReport.errors]).toEqual([exitCode, true, null]);
  });
});

test('one entry for a finding, whoever saw it', () => {
  const of = judged([accepted]);
  const { findings } = reportOf([{ of }, { of, layer: 'contracts' }, { of, group: 'other' }]);
  expect(findings).toMatchObject([{ count: 3, layer: 'property', seenBy: ['property', 'contracts'] }]);
});

test('the console says what came, what is documented and how to see it again', () => {
  const text = consoleReport(reportOf([{ of: judged([accepted]) }]), { colour: false, folder: 'reports' });
  expect(text).toContain('✗ updateManagedClientStatus · invalid request accepted  request.invalid.accepted');
  expect(text).toContain('Received    status 200');
  expect(text).toContain('Cell        enum-lower@status (was "NORMAL", sent "normal")');
  expect(text).toMatch(/Replay {6}npm run -s mch -- replay [0-9a-f]{8}/);
});

test('curl gets quotes and tokens right', () => {
  expect(curlOf(exchange)).toBe(
    String.raw`curl -i --path-as-is --globoff -X POST -H 'Authorization: Bearer '"$SAIL_ACCESS_TOKEN"'' -H 'Content-Type: application/json' --data-binary '{"a":"it'\''s ` +
      `\u0001` +
      String.raw`"}' 'http://x/beta/managed-clients/it'\''s/status'`,
  );
});

test('JUnit is XML whatever was sent, and counts failures, errors and skips', () => {
  const report = reportOf(
    [
      { of: judged([accepted]) },
      { group: 'fine' },
      { group: 'open', of: judged([], [doubt('load.pacing', { why: 'x' })]) },
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
