import type { Interaction } from './interactions.ts';

interface GeneratedPact {
  readonly interactions: readonly {
    readonly description: string;
    readonly providerStates?: readonly { readonly name: string }[];
  }[];
}

/** The differences between a pact and the table of interactions. */
export interface PactGaps {
  readonly missing: readonly string[];
  /** Unknown or duplicate interactions. */
  readonly unexpected: readonly string[];
}

/**
 * Compares a generated pact with the table of interactions. It detects tests that did not run, workers that overwrote
 * each other's interactions, and interactions that are no longer sent.
 */
export function gapsIn(pact: string, table: readonly Interaction[]): PactGaps {
  const { interactions } = JSON.parse(pact) as GeneratedPact;
  const generated = interactions.map(
    ({ description, providerStates: [state] = [] }) => `${description} | ${state?.name}`,
  );
  const expected = table.map(({ description, state }) => `${description} | ${state}`);
  return {
    missing: expected.filter((name) => !generated.includes(name)),
    unexpected: generated.filter(
      (name, index) => !expected.includes(name) || generated.indexOf(name) !== index,
    ),
  };
}
