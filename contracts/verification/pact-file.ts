import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The pacts cannot be used: there are none, or one is no pact. */
export class PactFileError extends Error {
  override readonly name = 'PactFileError';
}

interface ProviderState {
  readonly name: string;
  readonly params?: object;
}

/** An HTTP interaction of a V4 pact, as far as we look into it. */
export interface PactInteraction {
  readonly type: string;
  readonly description: string;
  readonly providerStates?: readonly ProviderState[];
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly query?: Readonly<Record<string, readonly string[]>>;
  };
  readonly response: { readonly status: number };
}

export interface PactFile {
  readonly consumer: { readonly name: string };
  readonly provider: { readonly name: string };
  readonly interactions: readonly PactInteraction[];
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
  let pact: Partial<PactFile>;
  try {
    pact = JSON.parse(text) as Partial<PactFile>;
  } catch (cause) {
    throw new PactFileError(`${path} is not JSON`, { cause });
  }
  if (!Array.isArray(pact.interactions) || pact.consumer === undefined || pact.provider === undefined) {
    throw new PactFileError(`${path} is no pact`);
  }
  if (pact.interactions.some(({ type }) => type !== 'Synchronous/HTTP')) {
    throw new PactFileError(`${path} holds interactions that are no HTTP of a V4 pact`);
  }
  return pact as PactFile;
}
