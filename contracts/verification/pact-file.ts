import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The pacts cannot be used: there are none, or one is no pact. */
export class PactFileError extends Error {
  override readonly name = 'PactFileError';
}

/** A provider state as a pact names it. */
interface NamedState {
  readonly name: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** An HTTP interaction of a V4 pact, as far as we look into it. */
export interface PactInteraction {
  /** Absent in pacts before V4. */
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
  /** Says which version of Pact it is: without it the verifier reads the rules as those of an older one. */
  readonly metadata?: unknown;
  /** Where it came from a broker. */
  readonly origin?: PactOrigin;
}

export interface PactOrigin {
  /** Its path at the broker: several versions of one consumer may be in use. */
  readonly path: string;
  readonly consumerVersion: string;
  /** New to the provider: it may break it without failing it. */
  readonly isPending: boolean;
}

/**
 * Reads every pact of a folder.
 * @throws {PactFileError} where the folder holds none: a verification of nothing would pass
 */
export async function readPacts(folder: string): Promise<PactFile[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new PactFileError(`the pact folder ${folder} cannot be read`, { cause });
  });
  const files = names.filter((name) => name.endsWith('.json')).toSorted();
  const pacts = await Promise.all(files.map((name) => readPact(join(folder, name))));
  if (pacts.every(({ interactions }) => interactions.length === 0)) {
    throw new PactFileError(`the pact folder ${folder} holds no interactions`);
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
 * Interactions of older pacts and messages stay in it: they are not verifiable here, and are listed.
 * @throws {PactFileError} where a document is no pact
 */
export function checkPact(document: unknown, path: string): PactFile {
  const pact = Object(document) as Partial<PactFile> & { readonly messages?: readonly PactInteraction[] };
  const interactions = pact.interactions ?? pact.messages;
  const isNamed = [pact.consumer, pact.provider].every(
    (one) => typeof one?.name === 'string' && one.name !== '',
  );
  if (!Array.isArray(interactions) || !isNamed) {
    throw new PactFileError(`${path} is no pact`);
  }
  if (!interactions.every(isInteraction)) {
    throw new PactFileError(`${path} holds something that is no interaction`);
  }
  return { ...(pact as PactFile), interactions };
}

function isInteraction(value: unknown): boolean {
  const { description, type, request, response } = Object(value) as Partial<PactInteraction>;
  const isWhole = request !== undefined && response !== undefined;
  return typeof description === 'string' && (type !== 'Synchronous/HTTP' || isWhole);
}
