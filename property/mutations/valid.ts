import * as fc from 'fast-check';

import { managedClientStatusEnum, managedClientType } from '../../core/index.ts';
import { bodyCell, type AnyCell } from './mutation.ts';
import { takeTurns } from './interleave.ts';
import { KEYS } from '../arbitraries/keys.ts';

const none = fc.constant(null);

function valid(operator: string, site: string, change: (text: string) => string, sent: string): AnyCell {
  return bodyCell({
    id: `${operator}@${site}`,
    group: `valid@${site}`,
    expectation: 'accept',
    breaks: { kind: 'nothing' },
    param: none,
    body: (base) => change(JSON.stringify(base)),
    sent: () => sent,
  });
}

const inBody = (member: string) => (text: string) => text.replace('{}', () => `{${member}}`);

const pairs = managedClientStatusEnum.enum.flatMap((status) =>
  managedClientType.enum.map((type) => {
    const site =
      [status !== 'NORMAL' && 'status', type !== 'CCG' && 'type'].filter(Boolean).join('+') || 'pair';
    return bodyCell({
      id: `pair-${status}-${type}@${site}`,
      group: `valid@${site}`,
      expectation: 'accept',
      breaks: { kind: 'nothing' },
      param: none,
      body: (base) => JSON.stringify({ ...base, status, type }),
      sent: () => `${status} with ${type}`,
    });
  }),
);

/** Reports that are right, although a service may stumble over them. */
export const validReports: readonly AnyCell[] = takeTurns(
  [
    valid('extra-property', 'extra', (text) => text.replace(/}$/, ',"extra":true}'), 'a further property'),
    valid('null-member', 'body', inBody('"state":null'), 'body with a null member'),
  ],
  pairs.toReversed(),
  KEYS.map((key, index) =>
    valid(
      `key-${index}`,
      'body',
      inBody(`${JSON.stringify(key)}:1`),
      `body with the key ${JSON.stringify(key)}`,
    ),
  ),
);
