import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';

import { buildIntoCache, cacheFolder, withTemporaryFolder } from '../../core/node/index.ts';
import type { Written } from '../pact-files/pact-file.ts';
import { mismatchesIn, type Mismatch, type WrittenMismatch } from './mismatch.ts';

/** The message to the process of the verifier. */
export interface VerifierTask extends VerifierTarget {
  readonly paths: readonly string[];
}

/** The message from the process of the verifier: its JSON output, or an error text. */
export interface VerifierOutput {
  readonly output: string;
}

/** The result of an interaction, identified by its description. */
export interface VerifierResult {
  readonly description: string;
  readonly isOk: boolean;
  readonly mismatches: readonly Mismatch[];
}

/** How to start the process in which Pact's verifier runs. */
export interface VerifierLaunch {
  readonly script: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** The address of the verifier proxy. */
export interface VerifierTarget {
  readonly providerBaseUrl: string;
  readonly stateUrl: string;
}

/** The verifier returned no result. */
export class VerifierError extends Error {
  override readonly name = 'VerifierError';
}

/**
 * Verifies pacts with Pact's verifier. Each pact is a file of its own, so that one that Pact cannot read does not affect the
 * others.
 * @throws {VerifierError} if it ends without a result
 */
export function verifyPacts(
  pacts: readonly Written[],
  target: VerifierTarget,
  launch: VerifierLaunch,
): Promise<VerifierResult[]> {
  return withTemporaryFolder(async (folder) => {
    const paths = pacts.map((_, index) => join(folder, `${index}.json`));
    for (const [index, path] of paths.entries()) await writeFile(path, JSON.stringify(pacts[index]));
    return readResults(await runVerifier({ ...target, paths }, launch));
  });
}

/** After this time the verifier hangs. An interaction takes no longer than the retries of the sender. */
const TIMEOUT_MS = 60_000;
const TIMEOUT_PER_INTERACTION_MS = 30_000;

/** After an interruption nothing more is sent, so the verifier soon returns the results of the earlier interactions. */
const INTERRUPTED_MS = 1000;

/** Runs the verifier in its own process. @returns its JSON output for success and failure */
async function runVerifier(task: VerifierTask, { script, env, signal }: VerifierLaunch): Promise<string> {
  const certificate = await singleCertificate(env);
  const child = fork(script, {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // Ctrl-C in a terminal signals the whole process group.
    detached: true,
    timeout: TIMEOUT_MS + task.paths.length * TIMEOUT_PER_INTERACTION_MS,
    env: {
      PATH: env['PATH'],
      HOME: env['HOME'],
      // No telemetry, no credentials, and no HTTP proxy in front of the verifier proxy.
      PACT_DO_NOT_TRACK: 'true',
      NO_PROXY: '127.0.0.1,localhost',
      ...(certificate !== undefined && { SSL_CERT_FILE: certificate }),
    },
  });
  const interrupted = (): void => void setTimeout(() => child.kill(), INTERRUPTED_MS).unref();
  signal.addEventListener('abort', interrupted, { once: true });
  child.once('exit', () => signal.removeEventListener('abort', interrupted));
  return new Promise((resolve, reject) => {
    child.once('message', ({ output }: VerifierOutput) => resolve(output));
    child.once('error', reject);
    // Unlike `exit`, `disconnect` comes after the last message.
    child.once('disconnect', () => reject(new VerifierError("Pact's verifier ended without a result")));
    child.send(task);
  });
}

/**
 * A file with one root certificate. The verifier connects only to the loopback interface without TLS, but loads all
 * certificates of the system for each request, which takes a third of its time.
 * @returns undefined if the cache is not writable
 */
async function singleCertificate(env: VerifierLaunch['env']): Promise<string | undefined> {
  const file = join(cacheFolder(env), 'one-root-certificate.pem');
  if (existsSync(file)) return file;
  return buildIntoCache(file, (temporary) => writeFile(temporary, rootCertificates[0] ?? '')).then(
    () => file,
    () => undefined,
  );
}

interface Output {
  readonly interactionResults?: readonly {
    readonly description: string;
    readonly result: string;
    readonly mismatch?: WrittenMismatch;
  }[];
}

function readResults(output: string): VerifierResult[] {
  let parsed: Output;
  try {
    parsed = JSON.parse(output) as Output;
  } catch (cause) {
    throw new VerifierError(`Pact's verifier failed: ${output.slice(0, 200)}`, { cause });
  }
  return (parsed.interactionResults ?? []).map(({ description, result, mismatch }) => ({
    description,
    isOk: result === 'OK',
    mismatches: mismatch === undefined ? [] : mismatchesIn(mismatch),
  }));
}
