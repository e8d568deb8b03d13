import { codes, severities, type Code } from '../../../../core/index.ts';
import type { Report, ReportedExchange, ReportedFinding, ReportedLayer } from '../../report.ts';

export function sampleExchange(url: string, responseLine = '200'): ReportedExchange {
  return {
    request: {
      line: `PUT ${url}`,
      headers: [
        ['Authorization', 'Bearer <user token>'],
        ['Content-Type', 'application/json'],
      ],
      body: '{"status":"normal"}',
    },
    response: { line: responseLine, headers: [['Content-Type', 'application/json']], body: '{}' },
  };
}

export function sampleFinding(index: number, overrides: Partial<ReportedFinding> = {}): ReportedFinding {
  const id = index.toString(16).padStart(8, '0');
  return {
    id,
    code: 'request.invalid.accepted',
    severity: 'major',
    layer: 'property',
    seenBy: ['property'],
    operation: 'updateManagedClientStatus',
    title: 'invalid request accepted',
    count: 3,
    sent: 80,
    known: false,
    received: 'status 200',
    documented: '400',
    source: 'API reference, 400',
    details: { status: 200 },
    exchange: sampleExchange('https://api.example.test/beta/managed-clients/1/status?type=VA'),
    sequence: [],
    principal: 'user',
    mutation: null,
    start: null,
    curl: "curl -i 'https://api.example.test'",
    replay: `npm run -s mch -- replay ${id} --target https://api.example.test`,
    replayData: { layer: 'load', check: 'enum' },
    ...overrides,
  };
}

export function sampleLayer(overrides: Partial<ReportedLayer> = {}): ReportedLayer {
  return {
    name: 'property',
    verdict: 'pass',
    attempted: 100,
    evaluated: 100,
    requests: 100,
    durationMs: 1500,
    stopped: null,
    skipped: [],
    inconclusive: [],
    ...overrides,
  };
}

function group(name: string, findings: readonly string[], [attempted, evaluated] = [10, 10]) {
  return { layer: 'property', name, consumer: null, attempted, evaluated, findings };
}

export function sampleReport(overrides: Partial<Report> = {}): Report {
  return {
    schemaVersion: 2,
    tool: { name: 'managed-clients-harness', version: '0.1.0' },
    startedAt: '2026-11-30T10:00:00.000Z',
    durationMs: 2000,
    target: { url: 'https://api.example.test', kind: 'remote', fault: null },
    profile: 'ci',
    seed: 7,
    quota: '100/10s',
    failOn: 'major',
    verdict: 'pass',
    exitCode: 0,
    layers: [sampleLayer()],
    notRun: [],
    groups: [group('enum', [])],
    findings: [],
    limiter: {},
    loadPoints: [],
    traffic: [],
    mutations: [],
    coverage: [],
    notes: [],
    ...overrides,
  };
}

/** A failed run. */
export function reportWith(findings: readonly ReportedFinding[]): Report {
  return sampleReport({
    verdict: 'fail',
    exitCode: 1,
    layers: [sampleLayer({ verdict: 'fail' })],
    groups: [
      group(
        'enum',
        findings.map(({ id }) => id),
      ),
    ],
    findings,
  });
}

export const cleanReport = sampleReport();

const tenCodes: readonly Code[] = [
  'response.status.server-error',
  'response.body.leak',
  'auth.accepted',
  'auth.sporadic-401',
  'request.invalid.accepted',
  'request.invalid.accepted',
  'rate-limit.key.path',
  'load.latency',
  'response.header.repeated',
  'contract.interaction.failed',
];

/** Findings of all severities. The last one is known, the one before has no exchange. */
export const tenFindings = reportWith(
  tenCodes
    .map((code, index) =>
      sampleFinding(index + 1, {
        code,
        severity: codes[code].severity,
        source: codes[code].source,
        known: index === 9,
        ...(index === 8 ? { exchange: null, curl: null, replayData: null } : {}),
      }),
    )
    .toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity)),
);

/** One layer stopped, one evaluated too little. Its groups have every result. */
export const inconclusiveReport = sampleReport({
  verdict: 'inconclusive',
  exitCode: 3,
  layers: [
    sampleLayer({
      verdict: 'inconclusive',
      evaluated: 10,
      skipped: [{ name: 'date-1', suite: 'dates', reason: 'no token\nof a tenant' }],
      inconclusive: [{ name: 'enum-1', suite: 'enum', reason: 'throttled' }],
    }),
    sampleLayer({
      name: 'load',
      verdict: 'inconclusive',
      attempted: 0,
      evaluated: 0,
      stopped: 'k6 is missing',
    }),
  ],
  groups: [group('enum', []), group('dates', [], [0, 0]), group('', [], [10, 0])],
});

/** Texts of a target that attack the reader of a report. */
export const hostileText = [
  'a\r\n::error::forged',
  '100% %0A \u0000\u001B[31m\u202Eevil\u2066',
  '[click](https://evil.example.test) {0} "quoted" <b>',
  '\uD800 lone surrogate \u{1F600}'.repeat(200),
].join('\n');

export const hostileReport = reportWith([
  sampleFinding(1, {
    operation: hostileText,
    title: hostileText,
    received: hostileText,
    documented: hostileText,
    source: hostileText,
    replay: hostileText,
    exchange: {
      request: {
        line: 'GET https://api.example.test/a/../b%zz/\uD800 {ü}|"[1]?q=\u0000&r=%#fragment',
        headers: [[hostileText, hostileText]],
        body: hostileText,
      },
      response: { line: `timeout: ${hostileText}`, headers: [], body: hostileText },
    },
  }),
]);

/** Control characters except line breaks, and characters that reorder text. */
export const UNPRINTABLE = /(?!\n)\p{Cc}|[\p{Cs}\u202A-\u202E\u2066-\u2069]/u;
