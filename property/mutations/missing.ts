import * as fc from 'fast-check';

import type { ManagedClientStatus } from '../../core/index.ts';
import { bodyCell, members, type AnyCell, type Member } from './mutation.ts';

const spellings: Record<string, (name: string) => string> = {
  upper: (name) => name.toUpperCase(),
  title: (name) => name[0]?.toUpperCase() + name.slice(1),
  padded: (name) => ` ${name}`,
  zwsp: (name) => `${name}\u200B`,
};

/** A member that is not there, or there under another name. */
export const missing: readonly AnyCell[] = members.flatMap((site) => [
  absent('missing', site, ({ [site]: _, ...rest }) => rest),
  ...Object.entries(spellings).map(([spelling, respell]) =>
    absent(`rename-${spelling}`, site, ({ [site]: value, ...rest }) => ({ ...rest, [respell(site)]: value })),
  ),
]);

function absent(operator: string, site: Member, change: (base: ManagedClientStatus) => object): AnyCell {
  return bodyCell({
    id: `${operator}@${site}`,
    group: `required@${site}`,
    expectation: 'reject',
    breaks: { kind: 'schema', site: `/${site}` },
    param: fc.constant(null),
    body: (base) => JSON.stringify(change(base)),
    was: (base) => `${site}: ${JSON.stringify(base[site])}`,
    sent: (base) => `members ${Object.keys(change(base)).join(', ')}`,
  });
}
