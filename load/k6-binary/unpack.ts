import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { join } from 'node:path';

import { extract } from 'tar';
import { openPromise } from 'yauzl';

/**
 * Unpacks the k6 binary of an archive into a folder. Other entries are ignored, so that no entry selects a path.
 * @param archive a `.tar.gz` or `.zip` file
 * @param binary file name of the binary: `k6` or `k6.exe`
 * @returns the path of the binary
 * @throws {Error} if the archive is damaged or does not contain the binary
 */
export async function unpackBinary(archive: string, folder: string, binary: string): Promise<string> {
  const target = join(folder, binary);
  const isFound = archive.endsWith('.zip')
    ? await unzip(archive, target, binary)
    : await untar(archive, folder, binary);
  if (!isFound) throw new Error(`the archive does not contain ${binary}`);
  return target;
}

async function untar(file: string, cwd: string, binary: string): Promise<boolean> {
  let isFound = false;
  await extract({
    file,
    cwd,
    strip: 1,
    strict: true,
    filter: (path) => {
      const isBinary = isPathOf(path, binary);
      isFound ||= isBinary;
      return isBinary;
    },
  });
  return isFound;
}

async function unzip(file: string, target: string, binary: string): Promise<boolean> {
  const zip = await openPromise(file);
  for await (const entry of zip.eachEntry()) {
    if (!isPathOf(entry.fileName, binary)) continue;
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target));
    return true;
  }
  return false;
}

/** `k6-v2.2.0-linux-amd64/k6` */
function isPathOf(path: string, binary: string): boolean {
  const parts = path.split('/');
  return parts.length === 2 && parts[1] === binary;
}
