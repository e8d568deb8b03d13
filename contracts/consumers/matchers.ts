import { Matchers } from '@pact-foundation/pact';

const { like, regex, string } = Matchers;

/** RFC 3339 with zone, up to nine fractional digits. Pact's own datetime formats refuse the API's examples. */
const TIMESTAMP = String.raw`\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})`;
const RETRY_AFTER = String.raw`(\d+|[A-Z][a-z]{2}, .* GMT)`;

/**
 * A value that the provider state gives at verification. The DSL's own `fromProviderState` lets the mock take
 * anything in a path; a regex with the generator in one object does not.
 */
export function injected(expression: string, pattern: string, example: string) {
  return { ...regex(pattern, example), 'pact:generator:type': 'ProviderState', expression };
}

export const path = injected(
  '/beta/managed-clients/${id}/status',
  '/beta/managed-clients/[^/]+/status',
  '/beta/managed-clients/aClientId/status',
);

export const authorization = injected('Bearer ${token}', 'Bearer .+', 'Bearer example-token');

/** A status as consumers read it: loose, for new enum values are announced as non-breaking. */
const status = {
  body: like({}),
  status: string('NORMAL'),
  type: string('CCG'),
  timestamp: regex(TIMESTAMP, '2024-03-11T08:00:00.000000Z'),
};

const serviceError = {
  detailCode: string('400.1 Bad request content'),
  trackingId: string('0123456789abcdef0123456789abcdef'),
};

/** What a consumer needs of each answer. */
export const responseBodies = {
  200: status,
  400: serviceError,
  401: { error: string('JWT validation failed: JWT is expired') },
  403: serviceError,
  404: serviceError,
  429: { message: string(' Rate Limit Exceeded ') },
  500: serviceError,
} as const;

export const retryAfter = regex(RETRY_AFTER, '10');
/** A report as a consumer sends it: any object as body, a timestamp in any of the SDKs' spellings. */
export function requestBody(reportedStatus: string) {
  return {
    body: like({ id: '4711', state: null }),
    status: reportedStatus,
    type: 'CCG',
    timestamp: regex(TIMESTAMP, '2024-03-11T08:00:00.000000Z'),
  };
}
