import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { NotAPactError, parsePact } from './parse-pact.ts';
import { PactFileError, type PactFile, type PactSet, type UnreadableFile } from './pact-file.ts';

/**
 * Reads one pact, or all pacts of a folder. A file that cannot be read does not prevent the use of the others.
 * @throws {PactFileError} if there are no interactions, because a verification of nothing would pass
 */
export async function readPacts(path: string): Promise<PactSet> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new PactFileError(`${path} is not readable`, { cause });
  });
  const isFolder = found.isDirectory();
  // Reading a pipe or a device might never end.
  if (!isFolder && !found.isFile()) throw new PactFileError(`${path} is not a file or folder`);
  const files = isFolder ? await pactFilesIn(path) : [path];
  const read = await Promise.all(files.map(readPactFile));
  const pacts = read.filter((one) => 'interactions' in one);
  const unreadable = read.filter((one) => 'problem' in one);
  if (pacts.every(({ interactions }) => interactions.length === 0)) {
    const nothing = read.length === 0 ? 'no pact files' : 'no interactions';
    throw new PactFileError(unreadable[0]?.problem ?? `${path} contains ${nothing}`);
  }
  return { pacts, unreadable };
}

async function pactFilesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.name.endsWith('.json') && (entry.isFile() || entry.isSymbolicLink()))
    .map(({ name }) => name)
    .toSorted()
    .map((name) => join(folder, name));
}

async function readPactFile(path: string): Promise<PactFile | UnreadableFile> {
  try {
    return parsePact(await readFile(path, 'utf8'), path);
  } catch (error) {
    if (error instanceof NotAPactError) return { path, kind: 'not-a-pact', problem: error.message };
    const problem = error instanceof PactFileError ? error.message : `${path} is not readable`;
    return { path, kind: 'broken', problem };
  }
}
