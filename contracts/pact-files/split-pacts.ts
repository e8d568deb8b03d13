import { ARRANGED_PROVIDER } from '../../core/index.ts';
import { needsArrangement } from '../verification/state-recipes.ts';
import type { PactFile } from './pact-file.ts';

/**
 * Splits each pact in two: interactions that can be verified against any provider, and interactions that need a state
 * endpoint (500, an exhausted quota, a cluster with jobs). The second part has another provider name, so that a
 * deployed provider can publish results for the first part.
 */
export function splitPacts(pacts: readonly PactFile[]): {
  readonly deployable: readonly PactFile[];
  readonly arranged: readonly PactFile[];
} {
  const isFilled = ({ interactions }: PactFile): boolean => interactions.length > 0;
  return {
    deployable: pacts
      .map((pact) => ({ ...pact, interactions: pact.interactions.filter((one) => !needsArrangement(one)) }))
      .filter(isFilled),
    arranged: pacts
      .map((pact) => ({
        ...pact,
        provider: { name: ARRANGED_PROVIDER },
        interactions: pact.interactions.filter(needsArrangement),
      }))
      .filter(isFilled),
  };
}
