import * as fc from 'fast-check';

import { managedClientStatusEnum, managedClientType } from '../../core/index.ts';
import { bodyMutation, type AnyMutation } from './mutation.ts';
import { interleave } from './interleave.ts';
import { bodyKeys } from '../arbitraries/keys.ts';

const none = fc.constant(null);

function valid(
  operator: string,
  site: string,
  change: (text: string) => string,
  description: string,
): AnyMutation {
  return bodyMutation({
    name: `${operator}@${site}`,
    fingerprintClass: `valid@${site}`,
    expectation: 'accept',
    effect: { kind: 'valid' },
    param: none,
    body: (report) => change(JSON.stringify(report)),
    after: () => description,
  });
}

const inBody = (member: string) => (text: string) => text.replace('{}', () => `{${member}}`);

const pairs = managedClientStatusEnum.enum.flatMap((status) =>
  managedClientType.enum.map((type) => {
    const site =
      [status !== 'NORMAL' && 'status', type !== 'CCG' && 'type'].filter(Boolean).join('+') || 'pair';
    return bodyMutation({
      name: `pair-${status}-${type}@${site}`,
      fingerprintClass: `valid@${site}`,
      expectation: 'accept',
      effect: { kind: 'valid' },
      param: none,
      body: (report) => JSON.stringify({ ...report, status, type }),
      after: () => `${status} with ${type}`,
    });
  }),
);

/** Valid but unusual reports. */
export const validReports: readonly AnyMutation[] = interleave(
  [
    valid(
      'extra-property',
      'extra',
      (text) => text.replace(/}$/, ',"extra":true}'),
      'an additional property',
    ),
    valid('null-member', 'body', inBody('"state":null'), 'body with a null member'),
  ],
  pairs.toReversed(),
  bodyKeys.map((key, index) =>
    valid(
      `key-${index}`,
      'body',
      inBody(`${JSON.stringify(key)}:1`),
      `body with the key ${JSON.stringify(key)}`,
    ),
  ),
);
