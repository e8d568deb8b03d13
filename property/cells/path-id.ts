import * as fc from 'fast-check';

import { operations, type Expectation } from '../../contracts/index.ts';
import { getStep, postStep } from '../requests.ts';
import { anyCell, shorten, type AnyCell } from './cell.ts';

/** Path segments as they go on the wire, made of the known id. */
const segments: Record<string, { readonly expectation: Expectation; readonly make: (id: string) => string }> =
  {
    unknown: { expectation: 'not-found', make: () => 'no-such-client-4f1d' },
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

function swapCase(id: string): string {
  const swapped = Array.from(id, (letter) =>
    letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
  );
  const other = swapped.join('');
  return other === id ? `${id}-x` : other;
}

type Name = 'getManagedClientStatus' | 'updateManagedClientStatus';

function idCell(name: string, operation: Name): AnyCell {
  const { expectation, make } = segments[name] ?? { expectation: 'not-found', make: String };
  const method = operations[operation].method.toLowerCase();
  const id = `id-${name}@${method}`;
  const group = `id-${name}@path`;
  return anyCell({
    id,
    group,
    expectation,
    breaks: { kind: 'unchecked' },
    param: fc.constant(null),
    render(base, _, client) {
      const segment = make(client);
      const cell = { id, group, was: client, sent: shorten(segment) };
      const step =
        operation === 'getManagedClientStatus'
          ? getStep({ client, query: '?type=CCG', expectation, cell })
          : postStep({ client, body: JSON.stringify(base), expectation, cell });
      return { ...step, path: step.path.replace(encodeURIComponent(client), () => segment) };
    },
  });
}

/** Ids that are not the known one. Writing to an unknown one is asked once: it must not come into being. */
export const pathId: readonly AnyCell[] = [
  ...Object.keys(segments).map((name) => idCell(name, 'getManagedClientStatus')),
  idCell('unknown', 'updateManagedClientStatus'),
];
