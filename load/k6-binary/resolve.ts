import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { cacheFolder, contentKey } from '../../core/node/index.ts';
import { BuildError, buildK6, hasGo } from './build.ts';
import { downloadK6, DownloadError } from './download.ts';
import { isUsable } from './is-usable.ts';
import { officialRelease, type K6Archive, type K6Release } from './release.ts';

/** No usable k6 is available. The message is a clause without a full stop. */
export class K6MissingError extends Error {
  override readonly name = 'K6MissingError';
}

export interface K6Options {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder of the Go tool module that pins k6. */
  readonly module: string;
  /** Base URL that replaces the address of the release, or `off`; the official address if undefined. */
  readonly mirror: string | undefined;
  /** Replaces the table of the official release in tests. */
  readonly release?: K6Release;
}

/** Receives messages, and progress texts that replace each other on a terminal. */
export interface K6Progress {
  say(line: string): void;
  tick(text: string): void;
}

/** An installed k6, or the ways to install it. */
export type K6Lookup =
  | { readonly kind: 'found'; readonly binary: string }
  | { readonly kind: 'missing'; readonly release: ReleaseSource | undefined; readonly canBuild: boolean };

export interface ReleaseSource {
  readonly version: string;
  readonly archive: K6Archive;
  readonly url: string;
}

const SUFFIX = process.platform === 'win32' ? '.exe' : '';
const BINARY = `k6${SUFFIX}`;

/**
 * Looks for k6 in `K6_BIN`, on the `PATH` and in the cache. Installs nothing.
 * @throws {K6MissingError} if `K6_BIN` is not a k6 2.x
 */
export async function findK6(options: K6Options): Promise<K6Lookup> {
  const { env, mirror, release = officialRelease } = options;
  const named = env['K6_BIN'];
  if (named) {
    if (await isUsable(named)) return { kind: 'found', binary: named };
    throw new K6MissingError(`K6_BIN is ${named}, which is not a k6 2.x`);
  }
  const binary = (await onPath(env)) ?? [...(await cachePaths(options))].find((path) => existsSync(path));
  if (binary !== undefined) return { kind: 'found', binary };
  const archive = release.archives[platform()];
  const source =
    mirror === 'off' || archive === undefined
      ? undefined
      : { version: release.version, archive, url: `${mirror ?? release.url}/${archive.file}` };
  return { kind: 'missing', release: source, canBuild: await hasGo(env) };
}

/**
 * Finds k6, or installs it into the cache: from the release, else with Go.
 * @returns its path
 * @throws {K6MissingError} with the reason and the ways to get k6
 */
export async function resolveK6(options: K6Options, progress: K6Progress): Promise<string> {
  const found = await findK6(options);
  if (found.kind === 'found') return found.binary;
  const [downloaded, built] = await cachePaths(options);
  const failed = found.release && (await tryDownload(found.release, downloaded, options, progress));
  if (found.release !== undefined && failed === undefined) return downloaded;
  if (!found.canBuild) throw new K6MissingError(whyMissing(failed, options));
  if (failed !== undefined) progress.say(`k6 could not be downloaded: ${failed}`);
  progress.say('building k6 with Go, which takes one to four minutes and happens once');
  await buildK6(options.module, built, options.env).catch((cause: unknown) => {
    throw cause instanceof BuildError ? new K6MissingError(cause.message, { cause }) : cause;
  });
  return built;
}

/** @returns the reason of a failure, or undefined */
async function tryDownload(
  { version, archive, url }: ReleaseSource,
  target: string,
  { env }: K6Options,
  { say, tick }: K6Progress,
): Promise<string | undefined> {
  say(`downloading k6 ${version}, which happens once`);
  try {
    await downloadK6({ url, archive, binary: BINARY, target, env, onProgress: tick });
    say(`k6 ${version} is in the cache`);
    return undefined;
  } catch (error) {
    if (error instanceof DownloadError) return error.message;
    throw error;
  }
}

function whyMissing(failed: string | undefined, { mirror }: K6Options): string {
  const why = failed ?? (mirror === 'off' ? 'downloads are off' : `there is no release for ${platform()}`);
  return `there is no k6 (${why}): install k6 2.x and set K6_BIN or the PATH to it, make its release reachable (--k6-mirror), or install Go 1.26, with which it is built`;
}

async function onPath({ PATH = '' }: K6Options['env']): Promise<string | undefined> {
  const folders = PATH.split(delimiter).filter((folder) => folder !== '');
  const file = folders.map((folder) => join(folder, BINARY)).find((path) => existsSync(path));
  return file !== undefined && (await isUsable(file)) ? file : undefined;
}

/** The paths of the released binary and of the one built with Go. */
async function cachePaths({ env, module, release = officialRelease }: K6Options): Promise<[string, string]> {
  const folder = cacheFolder(env);
  const ofRelease = join(folder, `k6-v${release.version}-${platform()}${SUFFIX}`);
  return [ofRelease, join(folder, `k6-${await contentKey([join(module, 'go.sum')])}${SUFFIX}`)];
}

function platform(): string {
  return `${process.platform}-${process.arch}`;
}
