import { Comparator, type Result } from '@pactflow/openapi-pact-comparator';

import { operationOf, operations, type OperationId } from '../../core/index.ts';
import { pactDocument, type PactFile, type PactInteraction, type Written } from '../pact-files/pact-file.ts';
import { objectIn } from '../pact-files/parse-interaction.ts';
import { difference, type Affected, type Difference, type DifferenceCode } from './difference.ts';
import type { ApiDocument, Counterpart } from './document.ts';

type Found = Record<OperationId, Counterpart | undefined>;

/** Finds interactions that the document no longer describes, with PactFlow's comparator. */
export async function comparePacts(
  pacts: readonly PactFile[],
  document: ApiDocument,
  found: Found,
): Promise<Difference[]> {
  const comparator = new Comparator({ oas: document.resolved });
  const mismatches: InteractionMismatch[] = [];
  for (const pact of pacts) {
    const moved = withPathsOf(found, pact);
    for await (const result of comparator.compare(moved)) mismatches.push(...mismatchOf(result, pact, found));
  }
  return grouped([...removals(pacts, found), ...mismatches]);
}

/** A difference that concerns one interaction. */
interface InteractionMismatch {
  readonly code: DifferenceCode;
  readonly operation: OperationId;
  readonly details: Readonly<Record<string, string>>;
  readonly consumer: string;
  readonly interaction: string;
}

/** Whether an interaction is about an operation of the API. */
export function isOfApi(interaction: PactInteraction): boolean {
  return interaction.kind === 'http' && operationIn(interaction) !== undefined;
}

function operationIn({ request: { method, path } }: PactInteraction): OperationId | undefined {
  return operationOf(method, path);
}

/** A pact with the interactions of existing operations, with the paths of the document. */
function withPathsOf(found: Found, pact: PactFile): unknown {
  const interactions = pact.interactions.flatMap((interaction) => {
    const id = operationIn(interaction);
    const path = id && found[id]?.path;
    if (path === undefined) return [];
    const [, client = ''] = /([^/]+)\/status$/.exec(interaction.request.path) ?? [];
    const request: Written = {
      ...objectIn(interaction.written['request']),
      path: path.replace(/\{[^}]+\}/, () => client),
    };
    return [{ ...interaction, written: { ...interaction.written, request } }];
  });
  // The comparator reads numbers as JSON.parse does.
  return JSON.parse(JSON.stringify(pactDocument({ ...pact, interactions })));
}

function removals(pacts: readonly PactFile[], found: Found): InteractionMismatch[] {
  return pacts.flatMap(({ consumer, interactions }) =>
    interactions.flatMap((interaction): InteractionMismatch[] => {
      const operation = operationIn(interaction);
      if (operation === undefined || found[operation] !== undefined) return [];
      const { method, path } = operations[operation];
      const details = { method, path };
      return [
        {
          code: 'operation.removed',
          operation,
          details,
          consumer: consumer.name,
          interaction: interaction.description,
        },
      ];
    }),
  );
}

function mismatchOf(
  result: Result,
  { consumer, interactions }: PactFile,
  found: Found,
): InteractionMismatch[] {
  const { mockDetails, message, code } = result;
  const { interactionDescription, location = '' } = mockDetails ?? {};
  const described = interactions.find(({ description }) => description === interactionDescription);
  const operation = described && operationIn(described);
  if (operation === undefined || interactionDescription == null || found[operation] === undefined) return [];
  const position = location.replace(/^.*?\.(request|response)\./, '$1 ');
  const problem = message.replace(/^.* in the spec file: /, '');
  const details = { place: position, problem };
  return [
    {
      ...classify(code, details),
      operation,
      consumer: consumer.name,
      interaction: interactionDescription,
    },
  ];
}

/** Separates known limits of the comparator from real mismatches. */
function classify(
  code: string,
  details: { readonly place: string; readonly problem: string },
): Pick<InteractionMismatch, 'code' | 'details'> {
  // The comparator forbids keys that a schema does not list, and a free object lists none.
  if (details.place === 'response body.body' && details.problem.startsWith('must NOT have additional'))
    return { code: 'contract.free-body', details: {} };
  if (code === 'response.header.undefined')
    return { code: 'contract.header-undocumented', details: { header: details.problem } };
  return { code: 'contract.unfulfilled', details };
}

/** Combines equal mismatches of an operation into one difference with all affected interactions. */
function grouped(mismatches: readonly InteractionMismatch[]): Difference[] {
  const same = Map.groupBy(mismatches, ({ code, operation, details }) =>
    JSON.stringify([code, operation, details]),
  );
  return [...same.values()].flatMap((all) => {
    const [first] = all;
    return first === undefined
      ? []
      : [difference(first.code, first.operation, first.details, affectedBy(all))];
  });
}

/** All interactions that call an operation, by consumer. */
export function callersOf(operation: OperationId, pacts: readonly PactFile[]): Affected[] {
  return pacts.flatMap(({ consumer, interactions }) => {
    const own = interactions.filter((interaction) => operationIn(interaction) === operation);
    const names = own.map(({ description }) => description).toSorted();
    return names.length === 0 ? [] : [{ consumer: consumer.name, interactions: names }];
  });
}

function affectedBy(mismatches: readonly InteractionMismatch[]): Affected[] {
  return [...Map.groupBy(mismatches, ({ consumer }) => consumer)]
    .map(([consumer, own]) => ({
      consumer,
      interactions: [...new Set(own.map(({ interaction }) => interaction))].toSorted(),
    }))
    .toSorted((one, other) => one.consumer.localeCompare(other.consumer));
}
