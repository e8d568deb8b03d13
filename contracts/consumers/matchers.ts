import { Matchers } from '@pact-foundation/pact';

import {
  managedClientStatusEnum,
  operations,
  pathOf,
  type DocumentedStatus,
  type OperationId,
} from '../../core/index.ts';
import { aggregateBody, exampleBody, reportOf, TIMESTAMP } from './examples.ts';
import type { Interaction } from './interactions.ts';
import type { ConsumerName } from './sdk.ts';

const { eachLike, integer, like, regex, string } = Matchers;

/** RFC 3339 with up to nine fractional digits. Pact's datetime formats do not match the examples of the API. */
const DATE_TIME = String.raw`\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})`;
const RETRY_AFTER = String.raw`(\d+|[A-Z][a-z]{2}, .* GMT)`;

export const CLIENT = 'aClientId';
export const TOKEN = 'example-token';

/**
 * A value that the provider state provides at verification. With `fromProviderState` of the DSL the mock would accept any
 * path; a regex with a generator is strict.
 */
function injected(expression: string, pattern: string, example: string) {
  return { ...regex(pattern, example), 'pact:generator:type': 'ProviderState', expression };
}

export function path({ operation }: Interaction) {
  const { path: template } = operations[operation];
  const [expression, pattern] = ['${id}', '[^/]+'].map((id) => template.replace('{id}', id));
  return injected(expression ?? '', pattern ?? '', pathOf(operation, CLIENT));
}

/** The Authorization header of a consumer. Without a token the Go SDK sends an empty one. */
export function authorization({ state }: Interaction, consumer: ConsumerName) {
  if (state !== 'the caller shows no token')
    return { Authorization: injected('Bearer ${token}', 'Bearer .+', `Bearer ${TOKEN}`) };
  return consumer === 'go-sdk' ? { Authorization: regex('Bearer ?', 'Bearer') } : {};
}

/** The body of a report. The SDKs write timestamps differently. */
export function requestBody(interaction: Interaction) {
  const { body, status, type } = reportOf(interaction);
  return { body, status, type, timestamp: regex(DATE_TIME, TIMESTAMP) };
}

/** The Python SDK fails for an unknown status; the others return any value. */
function statusFor(consumer: ConsumerName) {
  return consumer === 'python-sdk'
    ? regex(managedClientStatusEnum.enum.join('|'), 'NORMAL')
    : string('NORMAL');
}

/** The part of `body` that the consumer reads. */
function contentOf({ content, operation }: Interaction) {
  // The response to a report is an aggregate.
  if (content === 'example' && operation === 'getManagedClientStatus') return like(exampleBody);
  if (content !== 'aggregate') return like({});
  const { id, clusterId, clusterJobCount, configuration, connectorService, job } = aggregateBody;
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

/** The response to a read. Any type matches, because new types are a non-breaking change, except for null. */
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

const successBodies: Record<OperationId, typeof statusBody> = {
  getManagedClientStatus: statusBody,
  updateManagedClientStatus: statusBody,
};

/** The part of a response that a consumer needs. */
export function responseBody(interaction: Interaction, consumer: ConsumerName) {
  const { operation, status } = interaction;
  return status === 200 ? successBodies[operation](interaction, consumer) : errorBodies[status];
}

export function responseHeaders({ status }: Interaction) {
  return status === 429 ? { 'Retry-After': regex(RETRY_AFTER, '10') } : {};
}
