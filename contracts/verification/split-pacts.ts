import { ARRANGED_PROVIDER } from '../../core/index.ts';
import type { PactFile } from './pact-file.ts';
import { isForced } from './state-recipes.ts';

/**
 * Parts each pact in two: what any provider can be verified for, and what only one with a state endpoint can be made to
 * answer (500, a used-up quota, a cluster with jobs). The second is published under a provider name of its own,
 * so that a deployed provider can publish results for the first.
 */
export function splitPacts(pacts: readonly PactFile[]): PactFile[] {
  return pacts.flatMap((pact) => {
    const usual = { ...pact, interactions: pact.interactions.filter((one) => !isForced(one)) };
    const forced = {
      ...pact,
      provider: { ...pact.provider, name: ARRANGED_PROVIDER },
      interactions: pact.interactions.filter(isForced),
    };
    return [usual, forced].filter(({ interactions }) => interactions.length > 0);
  });
}
