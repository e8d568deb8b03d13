import * as fc from 'fast-check';

import { operations, UNKNOWN_ID, type Expectation, type OperationId } from '../../core/index.ts';
import { specFor } from '../runner/requests.ts';
import { requestMutation, type AnyMutation } from './mutation.ts';

/** A path segment as sent. */
interface Segment {
  readonly expectation: Expectation;
  readonly segmentFor: (id: string) => string;
}

const unknown: Segment = { expectation: 'not-found', segmentFor: () => UNKNOWN_ID };

const segments: Record<string, Segment> = {
  unknown,
  empty: { expectation: 'reject-id', segmentFor: () => '' },
  slash: { expectation: 'reject-id', segmentFor: (id) => `${id}%2Fx` },
  'dot-segment': { expectation: 'reject-id', segmentFor: (id) => `..%2F${id}` },
  nul: { expectation: 'reject-id', segmentFor: (id) => `${id}%00` },
  'bad-percent': { expectation: 'reject-id', segmentFor: () => '%zz' },
  'bad-utf8': { expectation: 'reject-id', segmentFor: () => '%C0%AF' },
  long: { expectation: 'reject-id', segmentFor: () => 'x'.repeat(4096) },
  unicode: { expectation: 'reject-id', segmentFor: () => encodeURIComponent('Ünïcøde-客') },
  quote: { expectation: 'reject-id', segmentFor: (id) => `${id}'` },
  'other-case': { expectation: 'reject-id', segmentFor: swapCase },
  'trailing-space': { expectation: 'reject-id', segmentFor: (id) => `${id}%20` },
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^[0-9a-f]{32}$/i;

function swapCase(id: string): string {
  const swapped = Array.from(id, (letter) =>
    letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
  );
  const other = swapped.join('');
  return other === id ? `${id}-x` : other;
}

function idMutation(name: string, { expectation, segmentFor }: Segment, operation: OperationId): AnyMutation {
  return requestMutation({
    name: `id-${name}@${operations[operation].method.toLowerCase()}`,
    fingerprintClass: `id-${name}@path`,
    expectation,
    param: fc.constant(null),
    before: 'the id of the managed client',
    after: (_, { managedClient }) => segmentFor(managedClient),
    spec({ report, target, intent: ownIntent }) {
      // UUIDs are case-insensitive.
      const intent =
        name === 'other-case' && UUID.test(target.managedClient)
          ? ({ ...ownIntent, expectation: 'either' } as const)
          : ownIntent;
      const step = specFor(operation, { target, body: JSON.stringify(report), ...intent });
      const [, query] = step.path.split('?');
      const path = operations[operation].path.replace('{id}', () => segmentFor(target.managedClient));
      return { ...step, path: query === undefined ? path : `${path}?${query}` };
    },
  });
}

/** Ids other than the known one. A single write is sent to an unknown id, which must not be created. */
export const pathId: readonly AnyMutation[] = [
  ...Object.entries(segments).map(([name, segment]) => idMutation(name, segment, 'getManagedClientStatus')),
  idMutation('unknown', unknown, 'updateManagedClientStatus'),
];
