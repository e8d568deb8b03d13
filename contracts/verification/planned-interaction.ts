import {
  ARRANGED_PROVIDER,
  GARBAGE,
  NOBODY,
  operationOf,
  PROVIDER,
  type StateValues,
} from '../../core/index.ts';
import { permissionFor, type Guard, type StateRequest, type TokenBook } from '../../core/client/index.ts';
import type { PactFile, PactInteraction } from './pact-file.ts';
import { obstacle, reachState, type Obstacle, type Reached, type StateMeans } from './state-recipes.ts';

/** What a target is like, as far as states need to know. */
export interface Place {
  /** A managed client that exists. */
  readonly client: string;
  /** An id that no tenant has. */
  readonly unknownClient: string;
  /** Types that the client has reported; empty where that is not known yet. */
  readonly types: readonly string[];
  readonly guard: Guard;
  readonly tokens: TokenBook;
  /** Brings the target into a state; undefined where it has no endpoint for that. */
  readonly arrange: ((state: StateRequest) => Promise<StateValues>) | undefined;
}

/** An interaction of a pact, and how its state is reached here. */
export interface Entry {
  /** What people call it, unlike any other of the run. */
  readonly name: string;
  readonly pact: PactFile;
  readonly interaction: PactInteraction;
  readonly reached: Reached;
}

/** An entry that can be verified here. */
export interface OpenEntry extends Entry {
  readonly reached: Exclude<Reached, Obstacle>;
}

/** Callers that show no token of a principal. */
const NEEDS_NO_TOKEN: readonly string[] = [GARBAGE, NOBODY];

/** Every interaction, in the order in which it is verified: what uses up a quota comes last. */
export function listEntries(pacts: readonly PactFile[], place: Place): Entry[] {
  const means: StateMeans = {
    ...place,
    hasToken: (caller) => NEEDS_NO_TOKEN.includes(caller) || place.tokens.has(caller),
    allows: (permission) => place.guard.allows(permission),
    // Whoever may not write may not have a target arranged either.
    hasStateEndpoint: place.arrange !== undefined && place.guard.allows('write'),
  };
  const entries = pacts.flatMap((pact) =>
    pact.interactions.map((interaction): Entry => ({
      name: nameOf(interaction, pact, pacts),
      pact,
      interaction,
      reached: reach(interaction, pact, means),
    })),
  );
  return [...entries.filter((entry) => !burns(entry)), ...entries.filter(burns)];
}

export function isOpen(entry: Entry): entry is OpenEntry {
  return entry.reached.kind !== 'obstacle';
}

export function burns({ reached }: Entry): boolean {
  return reached.kind === 'reached' && reached.first === 'burn-the-quota';
}

const OURS: readonly string[] = [PROVIDER, ARRANGED_PROVIDER];

function reach(interaction: PactInteraction, { provider }: PactFile, means: StateMeans): Reached {
  if (!OURS.includes(provider.name)) return obstacle('other-provider', { provider: provider.name });
  if (interaction.type !== 'Synchronous/HTTP') return obstacle('unsupported-pact', {});
  const { method, path } = interaction.request;
  // A pact may come from anybody: nothing else than the API is sent, whatever it says.
  if (operationOf(method, path) === undefined) return obstacle('no-operation', { method, path });
  const permission = permissionFor(method);
  if (means.allows(permission)) return reachState(interaction, means);
  return obstacle('not-allowed', { permission });
}

/** The consumer, its version where there are several, and the state where the description does not tell. */
function nameOf(interaction: PactInteraction, pact: PactFile, pacts: readonly PactFile[]): string {
  const { consumer, origin, interactions } = pact;
  const versions = pacts.filter((one) => one.consumer.name === consumer.name);
  const version = versions.length > 1 && origin !== undefined ? ` ${origin.consumerVersion}` : '';
  const alike = interactions.filter(({ description }) => description === interaction.description);
  const [state] = interaction.providerStates ?? [];
  const where = alike.length > 1 && state !== undefined ? ` (${state.name})` : '';
  const pending = origin?.isPending === true ? ' [pending]' : '';
  return `${consumer.name}${version}${pending}: ${interaction.description}${where}`;
}
