import { ARRANGED_PROVIDER } from '../../core/index.ts';
import type { PactFile } from './pact-file.ts';
import { needsArrangement } from './state-recipes.ts';

/**
 * Splits each pact in two: interactions that can be verified against any provider, and interactions that need a state
 * endpoint (500, an exhausted quota, a cluster with jobs). The second part has another provider name, so that a
 * deployed provider can publish results for the first part.
 */
export function splitPacts(pacts: readonly PactFile[]): PactFile[] {
  return pacts.flatMap((pact) => {
    const { interactions, provider } = pact;
    const common = { ...pact, interactions: interactions.filter((one) => !needsArrangement(one)) };
    const arranged = {
      ...pact,
      provider: { ...provider, name: ARRANGED_PROVIDER },
      interactions: interactions.filter(needsArrangement),
    };
    return [common, arranged].filter((part) => part.interactions.length > 0);
  });
}
