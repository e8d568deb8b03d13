import * as fc from 'fast-check';

import { operations, UNKNOWN_ID, type Expectation, type OperationId } from '../../core/index.ts';
import { getStep, postStep } from '../runner/requests.ts';
import { requestCell, type AnyCell } from './mutation.ts';

/** A path segment as it goes on the wire, made of the known id. */
interface Segment {
  readonly expectation: Expectation;
  readonly make: (id: string) => string;
}

const unknown: Segment = { expectation: 'not-found', make: () => UNKNOWN_ID };

const segments: Record<string, Segment> = {
  unknown,
  empty: { expectation: 'reject-id', make: () => '' },
  slash: { expectation: 'reject-id', make: (id) => `${id}%2Fx` },
  'dot-segment': { expectation: 'reject-id', make: (id) => `..%2F${id}` },
  nul: { expectation: 'reject-id', make: (id) => `${id}%00` },
  'bad-percent': { expectation: 'reject-id', make: () => '%zz' },
  'bad-utf8': { expectation: 'reject-id', make: () => '%C0%AF' },
  long: { expectation: 'reject-id', make: () => 'x'.repeat(4096) },
  unicode: { expectation: 'reject-id', make: () => encodeURIComponent('Ünïcøde-客') },
  quote: { expectation: 'reject-id', make: (id) => `${id}'` },
  'other-case': { expectation: 'reject-id', make: swapCase },
  'trailing-space': { expectation: 'reject-id', make: (id) => `${id}%20` },
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^[0-9a-f]{32}$/i;

function swapCase(id: string): string {
  const swapped = Array.from(id, (letter) =>
    letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
  );
  const other = swapped.join('');
  return other === id ? `${id}-x` : other;
}

function idCell(name: string, { expectation, make }: Segment, operation: OperationId): AnyCell {
  return requestCell({
    id: `id-${name}@${operations[operation].method.toLowerCase()}`,
    group: `id-${name}@path`,
    expectation,
    param: fc.constant(null),
    was: 'an id that exists',
    sent: (_, { client }) => make(client),
    step({ base, place, asks: own }) {
      // Hexadecimal digits are the same in either case.
      const asks =
        name === 'other-case' && UUID.test(place.client) ? ({ ...own, expectation: 'either' } as const) : own;
      const step =
        operation === 'getManagedClientStatus'
          ? getStep({ place, ...asks })
          : postStep({ place, body: JSON.stringify(base), ...asks });
      const [, query] = step.path.split('?');
      const path = operations[operation].path.replace('{id}', () => make(place.client));
      return { ...step, path: query === undefined ? path : `${path}?${query}` };
    },
  });
}

/** Ids that are not the known one. Writing to an unknown one is asked once: it must not come into being. */
export const pathId: readonly AnyCell[] = [
  ...Object.entries(segments).map(([name, segment]) => idCell(name, segment, 'getManagedClientStatus')),
  idCell('unknown', unknown, 'updateManagedClientStatus'),
];
