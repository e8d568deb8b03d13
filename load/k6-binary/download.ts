import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { EnvHttpProxyAgent, interceptors, request, type Dispatcher } from 'undici';

import { isUsable } from './is-usable.ts';
import { progressBar } from './progress-bar.ts';
import type { K6Archive } from './release.ts';
import { unpackBinary } from './unpack.ts';

/** The release could not be downloaded. The message is a clause without a full stop. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
}

export interface Download {
  /** Where the archive is. */
  readonly url: string;
  readonly archive: K6Archive;
  /** File name of the binary in the archive. */
  readonly binary: string;
  /** Path of the binary in the cache. */
  readonly target: string;
  /** The proxy settings `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` are read from it, in either case. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Receives a progress bar for each part that arrives. */
  readonly onProgress: (bar: string) => void;
  /** Milliseconds without a byte after which the transfer is given up. */
  readonly idleMs?: number;
}

const CONNECT_MS = 5000;
const IDLE_MS = 30_000;
const MAX_REDIRECTS = 5;

/**
 * Downloads an archive, verifies its SHA-256, and moves the binary that it holds into the cache. The cache never holds
 * an incomplete or unverified file: all work happens in a folder beside the target, which is renamed at the end.
 * @throws {DownloadError}
 */
export async function downloadK6(download: Download): Promise<void> {
  const { target, archive, binary } = download;
  const folder = join(dirname(target), `.download-${randomUUID()}`);
  const file = join(folder, archive.file);
  const dispatcher = dispatcherFor(download);
  try {
    await mkdir(folder, { recursive: true });
    const sha256 = await fetchFile(download, file, dispatcher);
    if (sha256 !== archive.sha256) throw new DownloadError(wrongChecksum(download, sha256));
    const unpacked = await unpackBinary(file, folder, binary);
    await chmod(unpacked, 0o755);
    if (!(await isUsable(unpacked)))
      throw new DownloadError('the downloaded k6 does not run on this machine');
    await moveIntoCache(unpacked, target);
  } catch (error) {
    throw error instanceof DownloadError
      ? error
      : new DownloadError(reasonFor(error, download), { cause: error });
  } finally {
    await dispatcher.destroy();
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

function wrongChecksum({ url, archive }: Download, sha256: string): string {
  return `${withoutCredentials(url)} has the SHA-256 ${sha256}, but ${archive.sha256} is expected`;
}

/** @returns the SHA-256 of what was written */
async function fetchFile(download: Download, file: string, dispatcher: Dispatcher): Promise<string> {
  const { url, onProgress } = download;
  const { statusCode, headers, body } = await request(url, { dispatcher });
  if (statusCode !== 200) {
    await body.dump();
    throw new DownloadError(`${withoutCredentials(url)} answered ${statusCode}`);
  }
  const length = headers['content-length'];
  const total = length === undefined ? undefined : Number(length);
  const hash = createHash('sha256');
  let done = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _, next) {
      hash.update(chunk);
      done += chunk.length;
      onProgress(progressBar(done, total));
      next(null, chunk);
    },
  });
  await pipeline(body as Readable, meter, createWriteStream(file));
  return hash.digest('hex');
}

/** Follows redirects, because a release is served from another host, and repeats a request whose connection broke. */
function dispatcherFor({ env, idleMs = IDLE_MS }: Download): Dispatcher {
  const [http, https, none] = ['http_proxy', 'https_proxy', 'no_proxy'].map(
    (name) => env[name] ?? env[name.toUpperCase()],
  );
  const agent = new EnvHttpProxyAgent({
    httpProxy: http ?? '',
    httpsProxy: https ?? '',
    noProxy: [none, 'localhost', '127.0.0.1'].filter(Boolean).join(','),
    connect: { timeout: CONNECT_MS },
    headersTimeout: idleMs,
    bodyTimeout: idleMs,
  });
  return agent.compose(
    interceptors.redirect({ maxRedirections: MAX_REDIRECTS }),
    interceptors.retry({
      maxRetries: 2,
      minTimeout: 200,
      errorCodes: RETRIED,
      statusCodes: [],
      throwOnError: false,
    }),
  );
}

const RETRIED = ['ECONNRESET', 'UND_ERR_SOCKET'];

/** Another process may have put the same binary there; it may be running, and then Windows does not replace it. */
async function moveIntoCache(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error: unknown) => {
    if (!existsSync(to)) throw error;
  });
}

const DISK_ERRORS = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EACCES', 'EPERM', 'ENOTDIR', 'EEXIST'];

function reasonFor(error: unknown, { url, target }: Download): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (DISK_ERRORS.includes(code)) return `the cache folder ${dirname(target)} cannot be written (${code})`;
  return `${withoutCredentials(url)} could not be read (${code || message})`;
}

/** A mirror may have credentials in its URL. */
function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//');
}
