import { Matchers } from '@pact-foundation/pact';

import { managedClientStatusEnum, operations, pathOf } from '../../core/index.ts';
import { aggregateBody, exampleBody, reportOf, TIMESTAMP } from './examples.ts';
import type { DocumentedStatus, Interaction } from './interactions.ts';
import type { ConsumerName } from './sdk.ts';

const { eachLike, integer, like, regex, string } = Matchers;

/** RFC 3339 with zone, up to nine fractional digits. Pact's own datetime formats refuse the API's examples. */
const DATE_TIME = String.raw`\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})`;
const RETRY_AFTER = String.raw`(\d+|[A-Z][a-z]{2}, .* GMT)`;

export const CLIENT = 'aClientId';
export const TOKEN = 'example-token';

/**
 * A value that the provider state gives at verification. The DSL's own `fromProviderState` lets the mock take
 * anything in a path; a regex with the generator in one object does not.
 */
function injected(expression: string, pattern: string, example: string) {
  return { ...regex(pattern, example), 'pact:generator:type': 'ProviderState', expression };
}

export function path({ operation }: Interaction) {
  const { path: template } = operations[operation];
  const [expression, pattern] = ['${id}', '[^/]+'].map((id) => template.replace('{id}', id));
  return injected(expression ?? '', pattern ?? '', pathOf(operation, CLIENT));
}

/** What a consumer shows of its token. An application without one sends no header in TypeScript and an empty one in Go. */
export function authorization({ state }: Interaction, consumer: ConsumerName) {
  if (state !== 'the caller shows no token')
    return { Authorization: injected('Bearer ${token}', 'Bearer .+', `Bearer ${TOKEN}`) };
  return consumer === 'go-sdk' ? { Authorization: regex('Bearer ?', 'Bearer') } : {};
}

/** A report as a consumer sends it: a timestamp in any of the SDKs' spellings. */
export function requestBody(interaction: Interaction) {
  const { body, status, type } = reportOf(interaction);
  return { body, status, type, timestamp: regex(DATE_TIME, TIMESTAMP) };
}

/** The Python SDK fails at a status that it does not know; the others hand on any. */
function statusFor(consumer: ConsumerName) {
  return consumer === 'python-sdk'
    ? regex(managedClientStatusEnum.enum.join('|'), 'NORMAL')
    : string('NORMAL');
}

/** What is in `body` as far as the consumer reads it. */
function contentOf({ content, operation }: Interaction) {
  // The answer to a report is an aggregate, whatever was reported.
  if (content === 'example' && operation === 'getManagedClientStatus') return like(exampleBody);
  if (content !== 'aggregate') return like({});
  const { id, clusterId, clusterJobCount, configuration, connectorService, job } = aggregateBody;
  // One level deeper than a report: `body.body`.
  return {
    body: {
      id: string(id),
      clusterId: string(clusterId),
      clusterJobCount: integer(clusterJobCount),
      configuration: like(configuration),
      connectorServices: eachLike(connectorService),
      jobs: eachLike(job),
    },
  };
}

/** A status as a consumer reads it: loose, for new types are announced as non-breaking, and exact where it is null. */
function statusBody(interaction: Interaction, consumer: ConsumerName) {
  const { type = 'CCG' } = interaction;
  return {
    body: contentOf(interaction),
    status: statusFor(consumer),
    type: type === null ? null : string(type),
    timestamp: regex(DATE_TIME, TIMESTAMP),
  };
}

const serviceError = {
  detailCode: string('400.1 Bad request content'),
  trackingId: string('0123456789abcdef0123456789abcdef'),
};

const errorBodies = {
  400: serviceError,
  401: { error: string('JWT validation failed: JWT is expired') },
  403: serviceError,
  404: serviceError,
  429: { message: string(' Rate Limit Exceeded ') },
  500: serviceError,
} as const satisfies Record<Exclude<DocumentedStatus, 200>, object>;

/** What a consumer needs of an answer. */
export function responseBody(interaction: Interaction, consumer: ConsumerName) {
  const { status } = interaction;
  return status === 200 ? statusBody(interaction, consumer) : errorBodies[status];
}

export function responseHeaders({ status }: Interaction) {
  return status === 429 ? { 'Retry-After': regex(RETRY_AFTER, '10') } : {};
}
