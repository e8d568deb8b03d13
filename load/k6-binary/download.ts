import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { EnvHttpProxyAgent, interceptors, request, type Dispatcher } from 'undici';

import { withoutCredentials } from '../../core/node/index.ts';
import { isUsable } from './is-usable.ts';
import { progressBar } from './progress-bar.ts';
import type { K6Archive } from './release.ts';
import { unpackBinary } from './unpack.ts';

/** The release could not be downloaded. The message is a clause without a full stop. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
}

export interface Download {
  readonly url: string;
  readonly archive: K6Archive;
  /** File name of the binary in the archive. */
  readonly binary: string;
  /** Path of the binary in the cache. */
  readonly target: string;
  /** Provides `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` in upper or lower case. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Receives a progress bar after each chunk. */
  readonly onProgress: (bar: string) => void;
  /** Aborts the transfer after this many milliseconds without data. */
  readonly idleMs?: number;
}

const CONNECT_MS = 5000;
const MAX_IDLE_MS = 30_000;
const MAX_REDIRECTS = 5;

/**
 * Downloads an archive, verifies its SHA-256, and moves its binary into the cache. The cache never contains an incomplete
 * or unverified file: all work happens in a temporary folder beside the target.
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

/** @returns the SHA-256 of the file */
async function fetchFile(download: Download, file: string, dispatcher: Dispatcher): Promise<string> {
  const { url, onProgress } = download;
  const { statusCode, headers, body } = await request(url, { dispatcher, headers: authorizationFor(url) });
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

/** A mirror may need the credentials in its URL. A redirect to another host does not receive them. */
function authorizationFor(url: string): Record<string, string> {
  const { username, password } = new URL(url);
  if (username === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/** Follows redirects, because releases are stored on another host, and repeats requests after a broken connection. */
function dispatcherFor({ env, idleMs = MAX_IDLE_MS }: Download): Dispatcher {
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
      errorCodes: RETRIED_ERRORS,
      statusCodes: [],
      throwOnError: false,
    }),
  );
}

const RETRIED_ERRORS = ['ECONNRESET', 'UND_ERR_SOCKET'];

/** Another process may have installed the same binary. Windows does not replace a running program. */
async function moveIntoCache(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error: unknown) => {
    if (!existsSync(to)) throw error;
  });
}

const DISK_ERRORS = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EACCES', 'EPERM', 'ENOTDIR', 'EEXIST'];

const transferErrors: Readonly<Record<string, string>> = {
  UND_ERR_REQ_RETRY: 'the transfer was interrupted',
  UND_ERR_BODY_TIMEOUT: 'the transfer stalled',
  UND_ERR_HEADERS_TIMEOUT: 'there was no response',
};

function reasonFor(error: unknown, { url, target }: Download): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (DISK_ERRORS.includes(code)) return `the cache folder ${dirname(target)} cannot be written (${code})`;
  return `${withoutCredentials(url)} could not be read (${transferErrors[code] ?? (code || message)})`;
}
