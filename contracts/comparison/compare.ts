import type { PactFile } from '../pact-files/pact-file.ts';
import { compareOperation } from './compare-operations.ts';
import { callersOf, comparePacts, isOfApi } from './compare-pacts.ts';
import { compareResponses } from './compare-responses.ts';
import { differenceKindOrder, type Difference } from './difference.ts';
import { counterparts, type ApiDocument } from './document.ts';
import { DocumentError } from './resolve-references.ts';

/**
 * Compares consumer contracts with an OpenAPI document in both directions: interactions that the document no longer
 * describes, and responses that it newly allows and consumers do not tolerate.
 * @returns the differences, the most severe first
 * @throws {NothingToCompareError | DocumentError}
 */
export async function compareDocument(
  document: ApiDocument,
  pacts: readonly PactFile[],
): Promise<Difference[]> {
  const isAboutApi = pacts.some(({ interactions }) => interactions.some(isOfApi));
  if (!isAboutApi) throw new NothingToCompareError('no interaction of the pacts is about this API');
  try {
    return await allDifferences(document, pacts);
  } catch (cause) {
    const { message } = cause instanceof Error ? cause : new Error(String(cause));
    throw new DocumentError(`it cannot be compared (${message})`, { cause });
  }
}

/** No interaction of the pacts is about the API. */
export class NothingToCompareError extends Error {
  override readonly name = 'NothingToCompareError';
}

async function allDifferences(document: ApiDocument, pacts: readonly PactFile[]): Promise<Difference[]> {
  const found = counterparts(document);
  const consumers = pacts.map(({ consumer }) => consumer.name);
  const present = Object.values(found).filter((one) => one !== undefined);
  const all = [
    ...present.flatMap((one) => compareOperation(one, document, callersOf(one.id, pacts))),
    ...present.flatMap((one) => compareResponses(one, consumers)),
    ...(await comparePacts(pacts, document, found)),
  ];
  return all.toSorted(
    (one, other) => differenceKindOrder.indexOf(one.kind) - differenceKindOrder.indexOf(other.kind),
  );
}
