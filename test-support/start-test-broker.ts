import { afterAll } from '@jest/globals';

import {
  startBrokerStandIn,
  type BrokerOptions,
  type BrokerStandIn,
} from '../fixtures/broker/broker-stand-in.ts';

const brokers: BrokerStandIn[] = [];
afterAll(() => Promise.all(brokers.map((broker) => broker.close())));

/** Starts an empty broker on a free port until the end of the test file. */
export async function startTestBroker(options?: BrokerOptions): Promise<BrokerStandIn> {
  const broker = await startBrokerStandIn(options);
  brokers.push(broker);
  return broker;
}
