import * as fc from 'fast-check';

import { managedClientStatus } from './managed-client-status.ts';
import { letter } from './letter.ts';

const text = (): fc.Arbitrary<string> => fc.string({ unit: letter(), maxLength: 12 });
const number = (): fc.Arbitrary<string> => fc.nat().map(String, Number);

/** The response to a report: its body contains an aggregate whose settings are strings and whose services may be empty. */
export function aggResponse(): fc.Arbitrary<Record<string, unknown>> {
  const service = fc.record(
    {
      id: number(),
      name: text(),
      connector_host: fc.option(text()),
      connector_port: fc.option(number()),
      'connector_(boolean)useSSL': fc.option(fc.boolean()),
    },
    { noNullPrototype: true },
  );
  const cluster = fc.record(
    {
      id: number(),
      clusterId: number(),
      clusterJobCount: fc.nat({ max: 5 }),
      configuration: fc.record(
        { debug: fc.constantFrom('true', 'false'), gmtOffset: fc.constantFrom('-6', '0', '2') },
        { noNullPrototype: true },
      ),
      connectorServices: fc.array(service, { maxLength: 3 }),
    },
    { noNullPrototype: true },
  );
  const body = fc.record({ body: cluster }, { noNullPrototype: true });
  return fc
    .tuple(managedClientStatus(), body)
    .map(([report, aggregate]) => ({ ...report, body: aggregate as Record<string, unknown> }));
}
