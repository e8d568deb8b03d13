const text = { type: 'string' } as const;
const number = { type: 'number' } as const;
const count = { type: 'integer', minimum: 0 } as const;
const nullableText = { type: ['string', 'null'] } as const;
const verdict = { enum: ['pass', 'fail', 'inconclusive'] } as const;
const severity = { enum: ['critical', 'major', 'minor'] } as const;

function object(properties: Readonly<Record<string, object>>) {
  return { type: 'object', required: Object.keys(properties), properties, additionalProperties: false };
}

const list = (items: object) => ({ type: 'array', items });
const check = object({ name: text, suite: text, reason: text });
const message = object({ line: text, headers: list({ type: 'array', items: text }), body: nullableText });
const consumer = object({
  name: text,
  version: nullableText,
  isPending: { type: 'boolean' },
  selectedBy: nullableText,
});
const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] });

const layer = object({
  name: text,
  verdict,
  attempted: count,
  evaluated: count,
  requests: count,
  durationMs: count,
  stopped: nullableText,
  skipped: list(check),
  inconclusive: list(check),
});

const finding = object({
  id: { type: 'string', pattern: '^[0-9a-f]{8}$' },
  code: { type: 'string', pattern: '^[a-z0-9-]+(\\.[a-z0-9-]+)+$' },
  severity,
  layer: text,
  seenBy: list(text),
  operation: nullableText,
  title: text,
  count,
  sent: { anyOf: [count, { type: 'null' }] },
  known: { type: 'boolean' },
  received: text,
  documented: text,
  source: text,
  details: { type: 'object' },
  exchange: orNull(object({ request: message, response: message })),
  sequence: list(object({ request: message, response: message, sentAt: number, receivedAt: number })),
  mutation: orNull(object({ name: text, before: nullableText, after: nullableText })),
  principal: nullableText,
  start: nullableText,
  curl: nullableText,
  replay: text,
  replayData: orNull({ type: 'object', required: ['layer'], properties: { layer: text } }),
});

/** JSON Schema of report.json, version 2. */
export const reportSchema = object({
  schemaVersion: { const: 2 },
  tool: object({ name: text, version: text }),
  startedAt: { type: 'string', format: 'date-time' },
  durationMs: count,
  target: object({ url: text, kind: { enum: ['reference', 'loopback', 'remote'] }, fault: nullableText }),
  profile: text,
  seed: { type: 'integer' },
  quota: text,
  failOn: severity,
  verdict,
  exitCode: { enum: [0, 1, 3] },
  layers: list(layer),
  notRun: list(object({ name: text, reason: text })),
  groups: list(
    object({
      layer: text,
      name: text,
      consumer: orNull(consumer),
      attempted: count,
      evaluated: count,
      findings: list(text),
    }),
  ),
  findings: list(finding),
  limiter: { type: 'object' },
  loadPoints: list(
    object({
      scenario: text,
      step: text,
      sentAt: number,
      receivedAt: number,
      status: count,
      retryAfter: nullableText,
    }),
  ),
  traffic: list(
    object({
      operation: nullableText,
      status: orNull(count),
      count,
      medianMs: number,
      p95Ms: number,
      maxMs: number,
    }),
  ),
  mutations: list(object({ name: text, attempted: count, failed: count })),
  coverage: list(
    object({
      name: text,
      source: text,
      codes: list(text),
      exercised: count,
      findings: list(text),
      faults: count,
    }),
  ),
  notes: list(text),
});
