import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The pacts are missing or not valid. The message is a clause without a full stop. */
export class PactFileError extends Error {
  override readonly name = 'PactFileError';
}

interface NamedState {
  readonly name: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** An HTTP interaction of a V4 pact, as far as the harness reads it. */
export interface PactInteraction {
  /** Undefined in pacts before V4. */
  readonly type?: string;
  readonly description: string;
  readonly providerStates?: readonly NamedState[];
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly query?: Readonly<Record<string, readonly string[]>>;
  };
  readonly response: { readonly status: number; readonly body?: { readonly content?: unknown } };
}

export interface PactFile {
  readonly consumer: { readonly name: string };
  readonly provider: { readonly name: string };
  readonly interactions: readonly PactInteraction[];
  /** Contains the version of the specification. Without it the verifier assumes an older one. */
  readonly metadata?: unknown;
  /** Set for pacts of a broker. */
  readonly origin?: PactOrigin;
}

export interface PactOrigin {
  /** Path at the broker. It distinguishes several versions of one consumer. */
  readonly path: string;
  readonly consumerVersion: string;
  /** The provider has never verified this pact, so that it may fail. */
  readonly isPending: boolean;
}

/**
 * Reads all pacts of a folder.
 * @throws {PactFileError} if the folder has no interactions, because a verification of nothing would pass
 */
export async function readPacts(folder: string): Promise<PactFile[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new PactFileError(`the pact folder ${folder} is not readable`, { cause });
  });
  const files = names.filter((name) => name.endsWith('.json')).toSorted();
  const pacts = await Promise.all(files.map((name) => readPact(join(folder, name))));
  if (pacts.every(({ interactions }) => interactions.length === 0)) {
    throw new PactFileError(`the pact folder ${folder} contains no interactions`);
  }
  return pacts;
}

async function readPact(path: string): Promise<PactFile> {
  const text = await readFile(path, 'utf8');
  try {
    return checkPact(JSON.parse(text), path);
  } catch (cause) {
    if (cause instanceof PactFileError) throw cause;
    throw new PactFileError(`${path} is not JSON`, { cause });
  }
}

/**
 * Checks the structure of a pact. Interactions of older pacts and messages are kept and listed as skipped.
 * @throws {PactFileError} if the document is not a pact
 */
export function checkPact(document: unknown, path: string): PactFile {
  const pact = Object(document) as Partial<PactFile> & { readonly messages?: readonly PactInteraction[] };
  const interactions = pact.interactions ?? pact.messages;
  const hasNames = [pact.consumer, pact.provider].every(
    (one) => typeof one?.name === 'string' && one.name !== '',
  );
  if (!Array.isArray(interactions) || !hasNames) throw new PactFileError(`${path} is not a pact`);
  if (!interactions.every(isInteraction)) {
    throw new PactFileError(`${path} contains something that is not an interaction`);
  }
  return { ...(pact as PactFile), interactions };
}

function isInteraction(value: unknown): boolean {
  const { description, type, request, response } = Object(value) as Partial<PactInteraction>;
  const isComplete = request !== undefined && response !== undefined;
  return typeof description === 'string' && (type !== 'Synchronous/HTTP' || isComplete);
}
