import { Comparator, type Result } from '@pactflow/openapi-pact-comparator';

import { operationOf, operations, type OperationId } from '../../core/index.ts';
import type { PactFile, PactInteraction } from '../verification/index.ts';
import type { ApiDocument, Counterpart } from './document.ts';
import { difference, type Affected, type Difference, type DifferenceCode } from './difference.ts';

type Found = Record<OperationId, Counterpart | undefined>;

/** What consumers rely on that the document does not promise any more, by PactFlow's comparator, for each interaction. */
export async function comparePacts(
  pacts: readonly PactFile[],
  document: ApiDocument,
  found: Found,
): Promise<Difference[]> {
  const comparator = new Comparator({ oas: document.resolved });
  const remarks: Remark[] = [];
  for (const pact of pacts) {
    const moved = movedTo(found, pact);
    for await (const result of comparator.compare(moved)) remarks.push(...remarkOf(result, pact, found));
  }
  return grouped([...removals(pacts, found), ...remarks]);
}

interface Remark {
  readonly code: DifferenceCode;
  readonly operation: OperationId;
  readonly details: Readonly<Record<string, string>>;
  readonly consumer: string;
  readonly interaction: string;
}

/** Is an interaction about an operation that we know? */
export function isOfApi(interaction: PactInteraction): boolean {
  return interaction.type === 'Synchronous/HTTP' && operationIn(interaction) !== undefined;
}

function operationIn({ request: { method, path } }: PactInteraction): OperationId | undefined {
  return operationOf(method, path);
}

/** Interactions of operations that the document has, at the paths that it has them at. */
function movedTo(found: Found, pact: PactFile): PactFile {
  const interactions = pact.interactions.flatMap((interaction) => {
    const id = operationIn(interaction);
    const path = id && found[id]?.path;
    if (path === undefined) return [];
    const [, client = ''] = /([^/]+)\/status$/.exec(interaction.request.path) ?? [];
    const request = { ...interaction.request, path: path.replace(/\{[^}]+\}/, client) };
    return [{ ...interaction, request }];
  });
  return { ...pact, interactions };
}

function removals(pacts: readonly PactFile[], found: Found): Remark[] {
  return pacts.flatMap(({ consumer, interactions }) =>
    interactions.flatMap((interaction): Remark[] => {
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

function remarkOf(result: Result, { consumer, interactions }: PactFile, found: Found): Remark[] {
  const { mockDetails, message, code } = result;
  const { interactionDescription, location = '' } = mockDetails ?? {};
  const described = interactions.find(({ description }) => description === interactionDescription);
  const operation = described && operationIn(described);
  if (operation === undefined || interactionDescription == null || found[operation] === undefined) return [];
  const place = location.replace(/^.*?\.(request|response)\./, '$1 ');
  const problem = message.replace(/^.* in the spec file: /, '');
  const details = { place, problem };
  return [
    {
      ...sorted(code, place, details),
      operation,
      consumer: consumer.name,
      interaction: interactionDescription,
    },
  ];
}

/** Which of the comparator's remarks are known and explained. */
function sorted(
  code: string,
  place: string,
  details: { readonly place: string; readonly problem: string },
): Pick<Remark, 'code' | 'details'> {
  // A free object has no listed keys, and the comparator takes what is not listed for forbidden.
  if (place === 'response body.body' && details.problem.startsWith('must NOT have additional'))
    return { code: 'contract.free-body', details: {} };
  if (code === 'response.header.undefined')
    return { code: 'contract.header-undocumented', details: { header: details.problem } };
  return { code: 'contract.unfulfilled', details };
}

/** One difference for everything that says the same of an operation, with all whom it is about. */
function grouped(remarks: readonly Remark[]): Difference[] {
  const same = Map.groupBy(remarks, ({ code, operation, details }) =>
    JSON.stringify([code, operation, details]),
  );
  return [...same.values()].flatMap((all) => {
    const [first] = all;
    return first === undefined
      ? []
      : [difference(first.code, first.operation, first.details, affectedBy(all))];
  });
}

/** Everybody who calls an operation. */
export function callersOf(operation: OperationId, pacts: readonly PactFile[]): Affected[] {
  return pacts.flatMap(({ consumer, interactions }) => {
    const own = interactions.filter((interaction) => operationIn(interaction) === operation);
    const names = own.map(({ description }) => description).toSorted();
    return names.length === 0 ? [] : [{ consumer: consumer.name, interactions: names }];
  });
}

function affectedBy(remarks: readonly Remark[]): Affected[] {
  return [...Map.groupBy(remarks, ({ consumer }) => consumer)]
    .map(([consumer, own]) => ({
      consumer,
      interactions: [...new Set(own.map(({ interaction }) => interaction))].toSorted(),
    }))
    .toSorted((one, other) => one.consumer.localeCompare(other.consumer));
}
