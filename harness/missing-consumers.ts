import { existsSync } from 'node:fs';

import type { Outcome } from '../contracts/index.ts';
import { consumerNames } from '../contracts/consumers/sdk.ts';
import { missingOnPath } from '../contracts/consumers/toolchain.ts';
import { environment } from './errors.ts';
import { packagePaths } from './package-paths.ts';
import type { RunSettings } from './settings/run-settings.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Consumers whose SDK cannot be driven on this machine: their committed pacts could not be made anew here. An
 * installed package has no consumers, and nothing to say of them.
 * @throws {HarnessError} where --require-consumers or CI makes that an error
 */
export function missingConsumers({ requireConsumers, pacts }: RunSettings, env: Env): Outcome[] {
  if (pacts.kind !== 'committed' || !existsSync(packagePaths.consumers)) return [];
  return consumerNames.flatMap((consumer) => {
    const reason = missingOnPath(consumer, env);
    if (reason === undefined) return [];
    if (requireConsumers) throw environment('consumers.missing', { consumer, reason });
    const what = `${consumer}: its own tests`;
    return [
      {
        kind: 'not-verifiable' as const,
        layer: 'contracts',
        what,
        group: what,
        reason: 'no-toolchain' as const,
        details: { missing: reason },
      },
    ];
  });
}
