import * as fc from 'fast-check';

import { managedClientStatusEnum, managedClientType, type ManagedClientStatus } from '../../core/index.ts';
import { validTimestamps } from './timestamps.ts';
import { bodyKeys } from './keys.ts';
import { codePoint, letter } from './letter.ts';
import { timestamp } from './timestamp.ts';

/** Keys of real reports and arbitrary keys, with values of all JSON types up to two levels deep. */
function body(): fc.Arbitrary<Record<string, unknown>> {
  const { tree } = fc.letrec<{ tree: unknown; leaf: unknown }>((tie) => ({
    leaf: fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ unit: letter() }),
      fc.string({ unit: codePoint(), maxLength: 8 }),
      fc.constantFrom(...bodyKeys),
    ),
    tree: fc.oneof(
      { maxDepth: 2, depthSize: 'small', withCrossShrink: true },
      tie('leaf'),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie('tree'), { maxKeys: 3, noNullPrototype: true }),
    ),
  }));
  const key = fc.oneof(
    fc.constantFrom('id', 'hostname', 'lastSeen', 'state', 'stacktrace'),
    fc.constantFrom(...bodyKeys),
    fc.string(),
  );
  return fc.dictionary(key, tree, { maxKeys: 6, noNullPrototype: true });
}

/** Valid reports with all documented values of `status` and `type` and with arbitrary bodies. */
export function managedClientStatus(): fc.Arbitrary<ManagedClientStatus> {
  return fc.record(
    {
      body: body(),
      status: fc.constantFrom(...managedClientStatusEnum.enum),
      type: fc.constantFrom(...managedClientType.enum),
      timestamp: fc.oneof(
        { weight: 3, arbitrary: timestamp() },
        { weight: 1, arbitrary: fc.constantFrom(...Object.values(validTimestamps)) },
      ),
    },
    { noNullPrototype: true },
  );
}
