import * as fc from 'fast-check';

import { managedClientStatusEnum, managedClientType, type ManagedClientStatus } from '../../core/index.ts';
import { validTimestamps } from './timestamps.ts';
import { KEYS } from './keys.ts';
import { codePoint, letter } from './letter.ts';
import { timestamp } from './timestamp.ts';

/** Keys of real reports beside arbitrary ones; values of every JSON type, two levels deep. */
function body(): fc.Arbitrary<Record<string, unknown>> {
  const { tree } = fc.letrec<{ tree: unknown; leaf: unknown }>((tie) => ({
    leaf: fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ unit: letter() }),
      fc.string({ unit: codePoint(), maxLength: 8 }),
      fc.constantFrom(...KEYS),
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
    fc.constantFrom(...KEYS),
    fc.string(),
  );
  return fc.dictionary(key, tree, { maxKeys: 6, noNullPrototype: true });
}

/** Valid reports: every documented value of `status` and `type`, free bodies. */
export function managedClientStatus(): fc.Arbitrary<ManagedClientStatus> {
  return fc.record(
    {
      body: body(),
      status: fc.constantFrom(...managedClientStatusEnum.enum),
      type: fc.constantFrom(...managedClientType.enum),
      // Spellings that a parser may stumble over come up as well.
      timestamp: fc.oneof(
        { weight: 3, arbitrary: timestamp() },
        { weight: 1, arbitrary: fc.constantFrom(...Object.values(validTimestamps)) },
      ),
    },
    { noNullPrototype: true },
  );
}
