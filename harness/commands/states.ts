import {
  describeSkip,
  INVALID_TOKEN,
  NO_TOKEN,
  providerStates,
  type ProviderState,
  type StateRecipe,
} from '../../core/index.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';

/** A provider state as the list and the documentation show it. */
export interface StateDescription {
  readonly name: string;
  readonly params: string;
  /** The set-up on a deployed target without a state endpoint. */
  readonly setUp: string;
  readonly needs: string;
}

const callerTexts: Readonly<Record<string, string>> = {
  [NO_TOKEN]: 'no token',
  [INVALID_TOKEN]: 'a token that nobody issued',
};

const setUpTexts: Record<
  NonNullable<StateRecipe['setUp']>,
  { readonly text: string; readonly needs: string }
> = {
  'report-example': { text: ', after a report of the example', needs: '--allow write' },
  'exhaust-quota': { text: ', after reads until the first 429', needs: '--allow load' },
};

/** All provider states in the order of the table. */
export function describeStates(): StateDescription[] {
  return Object.entries(providerStates as Record<string, ProviderState>).map(([name, state]) => ({
    name,
    params: state.params?.join(', ') ?? '',
    ...setUpOf(state),
  }));
}

function setUpOf({ recipe }: ProviderState): Pick<StateDescription, 'setUp' | 'needs'> {
  if ('unreachable' in recipe) {
    const [, reason = ''] = describeSkip('unreachable-state', { reason: recipe.unreachable }).split(': ');
    return { setUp: `none: ${reason}`, needs: 'a state endpoint' };
  }
  const { managedClient, caller, setUp } = recipe;
  const id = managedClient === 'known' ? 'the id of --managed-client' : 'an id that does not exist';
  const steps = setUp === undefined ? undefined : setUpTexts[setUp];
  const principal =
    callerTexts[caller] === undefined && caller !== 'user' ? `the ${caller} principal` : undefined;
  return {
    setUp: `${id}, ${callerTexts[caller] ?? `the token of ${caller}`}${steps?.text ?? ''}`,
    needs: [principal, steps?.needs].filter((one) => one !== undefined).join(', '),
  };
}

/** `mch states`: lists the provider states that pacts may name, or that names of a team can be mapped to. */
export function listStates(io: Io): ExitCode {
  for (const { name, params, setUp, needs } of describeStates()) {
    io.stdout.write(`${name}${params === '' ? '' : ` (parameter ${params})`}\n`);
    io.stdout.write(`    ${setUp}${needs === '' ? '' : `; needs ${needs}`}\n`);
  }
  io.stdout.write('\nOther names are mapped in mch.config.json, with {words} that match any text:\n');
  io.stdout.write('    "states": { "a gateway {id} exists": "the managed client has reported" }\n');
  return exitCodes.clean;
}
