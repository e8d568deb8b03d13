import { parseExact } from '../../core/node/index.ts';
import { PactFileError, type PactFile, type Written } from './pact-file.ts';
import { isObject, objectIn, parseInteraction, type SpecificationVersion } from './parse-interaction.ts';

/** The document is JSON, but not a pact. */
export class NotAPactError extends PactFileError {}

/**
 * Parses a pact of any specification version.
 * @param path named in errors
 * @throws {PactFileError} if the text is not JSON
 * @throws {NotAPactError}
 */
export function parsePact(text: string, path: string): PactFile {
  let document: unknown;
  try {
    // A byte order mark is ignored.
    document = parseExact(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new PactFileError(`${path} is not JSON`, { cause });
  }
  return readDocument(document, path);
}

/** Reads a document of `parseExact`. @throws {NotAPactError} */
export function readDocument(document: unknown, path: string): PactFile {
  const { consumer, provider, interactions, messages, metadata } = objectIn(document);
  const names = [consumer, provider].map((party) => objectIn(party)['name']);
  const [consumerName, providerName] = names;
  const isPact =
    typeof consumerName === 'string' &&
    typeof providerName === 'string' &&
    providerName !== '' &&
    [interactions, messages].some((list) => list === null || Array.isArray(list));
  if (!isPact) throw new NotAPactError(`${path} is not a pact`);
  const version = versionIn(objectIn(metadata));
  const http = listIn(interactions).map((one, index) => parseInteraction(one, index, version));
  const async = listIn(messages).map((one, index) => {
    const message = parseInteraction(one, index, version);
    return { ...message, kind: 'message' as const, isInMessages: true as const };
  });
  return {
    consumer: { name: consumerName },
    provider: { name: providerName },
    interactions: [...http, ...async],
    metadata: objectIn(metadata),
  };
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The metadata names the version in three ways. */
function versionIn(metadata: Written): SpecificationVersion {
  const { pactSpecification, 'pact-specification': older, pactSpecificationVersion: flat } = metadata;
  const version = [pactSpecification, older].find(isObject)?.['version'] ?? flat;
  return typeof version === 'string' && version.startsWith('4') ? '4' : 'before 4';
}

/** The metadata that decide how Pact reads a pact. Names of plugins are left out, because Pact would install them. */
export function versionMetadata({ metadata }: PactFile): Written {
  const names = ['pactSpecification', 'pact-specification', 'pactSpecificationVersion'];
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => names.includes(name)));
}
