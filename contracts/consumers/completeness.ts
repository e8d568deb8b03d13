import type { Interaction } from './interactions.ts';

interface WrittenPact {
  readonly interactions: readonly {
    readonly description: string;
    readonly providerStates?: readonly { readonly name: string }[];
  }[];
}

/** What a pact lacks of the table, and what it has beside it. */
export interface Gaps {
  readonly lost: readonly string[];
  readonly stray: readonly string[];
}

/**
 * Compares a pact as the tests wrote it with the table of interactions. A test that did not run, a worker that
 * overwrote what another one wrote, and an interaction that nobody sends any more all show here.
 */
export function gapsIn(pact: string, table: readonly Interaction[]): Gaps {
  const { interactions } = JSON.parse(pact) as WrittenPact;
  const written = interactions.map(
    ({ description, providerStates: [state] = [] }) => `${description} | ${state?.name}`,
  );
  const wanted = table.map(({ description, state }) => `${description} | ${state}`);
  return {
    lost: wanted.filter((name) => !written.includes(name)),
    stray: written.filter((name, index) => !wanted.includes(name) || written.indexOf(name) !== index),
  };
}
