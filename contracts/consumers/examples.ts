import aggregate from '../../fixtures/examples/aggregate.json' with { type: 'json' };
import example from '../../fixtures/examples/managed-client-status.json' with { type: 'json' };
import type { Interaction } from './interactions.ts';
import type { SdkReport } from './sdk.ts';

/** The timestamp of the examples, with six fractional digits as services write it. */
export const TIMESTAMP = '2024-03-11T08:00:00.000000Z';

/** A report of a gateway with all documented keys, including null members. */
export const { body: exampleBody } = example;

const [service] = aggregate.body.connectorServices;
const [job] = aggregate.body.jobs;

/** The part of the aggregate that consumers read. All settings are strings. */
export const aggregateBody = {
  id: aggregate.body.id,
  clusterId: aggregate.body.clusterId,
  clusterJobCount: aggregate.body.clusterJobCount,
  configuration: {
    debug: aggregate.body.configuration.debug,
    gmtOffset: aggregate.body.configuration.gmtOffset,
  },
  connectorService: { id: service?.id, name: service?.name },
  job: { uuid: job?.uuid, state: job?.state, type: job?.type },
};

/** The report that a consumer sends in an interaction. */
export function reportOf({ type = 'CCG', reportedStatus = 'NORMAL', content }: Interaction): SdkReport {
  const body = content === 'example' ? exampleBody : { id: '4711', state: null };
  return { body, status: reportedStatus, type, timestamp: TIMESTAMP };
}
