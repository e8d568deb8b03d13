import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';

import { buildIntoCache, cacheFolder } from '../../core/node/index.ts';
import type { PactFile } from './pact-file.ts';

/** The source of the pacts, and whether results are published there. */
export type VerifierSource =
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  | {
      readonly kind: 'broker';
      readonly url: string;
      /** The branch of the provider. It decides which pacts are pending. */
      readonly branch: string;
      readonly publish?: ProviderVersion;
    };

/** The provider version of published results. */
export interface ProviderVersion {
  readonly version: string;
  readonly buildUrl?: string | undefined;
}

/** The message to the process of the verifier. */
export interface VerifierTask {
  readonly provider: string;
  readonly providerBaseUrl: string;
  readonly stateUrl: string;
  readonly source: VerifierSource;
}

/** The message from the process of the verifier: its JSON output, or an error text. */
export interface VerifierOutput {
  readonly output: string;
}

export interface VerifierResult {
  readonly consumer: string;
  readonly description: string;
  readonly isOk: boolean;
  /** In terms of the API, such as `expected 401 but was 403`. */
  readonly mismatches: readonly string[];
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
 * Verifies pacts with Pact's verifier.
 * @throws {VerifierError} if it ends without a result
 */
export async function verifyPacts(
  pacts: readonly PactFile[],
  target: VerifierTarget,
  launch: VerifierLaunch,
): Promise<VerifierResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mch-pacts-'));
  try {
    const paths = await Promise.all(
      pacts.map(async (pact, index) => {
        const path = join(folder, `${index}.json`);
        await writeFile(path, JSON.stringify(pact));
        return path;
      }),
    );
    const interactions = pacts.reduce((sum, pact) => sum + pact.interactions.length, 0);
    const provider = pacts[0]?.provider.name ?? '';
    const task = { ...target, provider, source: { kind: 'files', paths } } as const;
    return readResults(await runVerifier(task, interactions, launch));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** After this time the verifier hangs. An interaction takes no longer than the retries of the sender. */
const TIMEOUT_MS = 60_000;
const TIMEOUT_PER_INTERACTION_MS = 30_000;

/** Runs the verifier in its own process. @returns its JSON output for success and failure */
export async function runVerifier(
  task: VerifierTask,
  interactions: number,
  { script, env, signal }: VerifierLaunch,
): Promise<string> {
  const certificate = await singleCertificate(env);
  const child = fork(script, {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    signal,
    timeout: TIMEOUT_MS + interactions * TIMEOUT_PER_INTERACTION_MS,
    env: {
      PATH: env['PATH'],
      HOME: env['HOME'],
      // No telemetry, no credentials, and no HTTP proxy in front of the verifier proxy.
      PACT_DO_NOT_TRACK: 'true',
      NO_PROXY: '127.0.0.1,localhost',
      ...(certificate !== undefined && { SSL_CERT_FILE: certificate }),
    },
  });
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

interface Mismatch {
  readonly type: string;
  readonly message?: string;
  readonly mismatches?: readonly {
    readonly mismatch?: string;
    readonly path?: string;
    readonly type?: string;
  }[];
}

interface Output {
  readonly interactionResults?: readonly {
    readonly consumer: string;
    readonly description: string;
    readonly result: string;
    readonly mismatch?: Mismatch;
  }[];
}

function readResults(output: string): VerifierResult[] {
  let parsed: Output;
  try {
    parsed = JSON.parse(output) as Output;
  } catch (cause) {
    throw new VerifierError(`Pact's verifier failed: ${output.slice(0, 200)}`, { cause });
  }
  return (parsed.interactionResults ?? []).map(({ consumer, description, result, mismatch }) => ({
    consumer,
    description,
    isOk: result === 'OK',
    mismatches: mismatch === undefined ? [] : mismatchTexts(mismatch),
  }));
}

function mismatchTexts({ message, mismatches }: Mismatch): string[] {
  const texts = (mismatches ?? []).map(({ mismatch = '', path }) => {
    const position =
      path === undefined || path === '$' || path === '/' ? '' : ` at ${path.replace(/^\$\.?/, '')}`;
    return `${reword(mismatch)}${position}`;
  });
  return texts.length > 0 ? texts.toSorted() : [message ?? 'the verifier gave no reason'];
}

/** Rewords mismatches in terms of the API, without lengths and types that depend on the body. */
function reword(mismatch: string): string {
  return mismatch
    .replace('Actual map is missing the following keys:', 'no')
    .replace(/^Expected a header '([^']+)' but was missing$/, 'no $1')
    .replace(/^Expected body Present\(.*\) but was empty$/, 'no body');
}
