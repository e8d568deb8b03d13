import type { PactFile } from '../verification/index.ts';
import { compareAnswers } from './compare-responses.ts';
import { compareOperation } from './compare-operations.ts';
import { callersOf, comparePacts, isOfApi } from './compare-pacts.ts';
import { counterparts, DocumentError, type ApiDocument } from './document.ts';
import type { Difference } from './difference.ts';

const ORDER = ['breaking', 'change', 'explained'];

/**
 * Compares what consumers rely on with an OpenAPI document, in both directions: what the document does not promise any
 * more, and what it allows that consumers do not survive.
 * @returns the differences, the worst first
 */
export async function compareDocument(
  document: ApiDocument,
  pacts: readonly PactFile[],
): Promise<Difference[]> {
  const mine = pacts.flatMap(({ interactions }) => interactions).filter(isOfApi);
  if (mine.length === 0) throw new NothingToCompareError('no interaction of the pacts is about this API');
  try {
    return await allDifferences(document, pacts);
  } catch (cause) {
    const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
    const why = name === 'RangeError' ? 'a schema of our operations contains itself' : message;
    throw new DocumentError(`it cannot be compared (${why})`, { cause });
  }
}

/** The pacts hold nothing that the document could be held against. */
export class NothingToCompareError extends Error {
  override readonly name = 'NothingToCompareError';
}

async function allDifferences(document: ApiDocument, pacts: readonly PactFile[]): Promise<Difference[]> {
  const found = counterparts(document);
  const consumers = pacts.map(({ consumer }) => consumer.name);
  const present = Object.values(found).filter((one) => one !== undefined);
  const all = [
    ...present.flatMap((one) => compareOperation(one, document, callersOf(one.id, pacts))),
    ...present.flatMap((one) => compareAnswers(one, consumers)),
    ...(await comparePacts(pacts, document, found)),
  ];
  return all.toSorted((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind));
}
