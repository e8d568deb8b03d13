import { fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { PactFile } from './pact-file.ts';

/** What goes to the verifier's process. */
export interface VerifierTask {
  readonly provider: string;
  readonly providerBaseUrl: string;
  readonly stateUrl: string;
  readonly pactFiles: readonly string[];
  /** The one state that every interaction is given. */
  readonly state: string;
}

/** The verifier's JSON, on success and on failure, or what it said instead. */
export interface VerifierAnswer {
  readonly output: string;
}

export interface VerifierResult {
  readonly consumer: string;
  readonly description: string;
  readonly isOk: boolean;
  /** In the words of the API: `expected 401 but was 403`. */
  readonly mismatches: readonly string[];
}

export interface VerifierRun {
  readonly script: string;
  readonly pacts: readonly PactFile[];
  readonly providerBaseUrl: string;
  readonly stateUrl: string;
  readonly state: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** The verifier gave no result. */
export class VerifierError extends Error {
  override readonly name = 'VerifierError';
}

/** Verifies pacts with Pact's own verifier. @throws {VerifierError} where it ends without a result */
export async function runVerifier(run: VerifierRun): Promise<VerifierResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mch-pacts-'));
  try {
    const pactFiles = await Promise.all(
      run.pacts.map(async (pact, index) => {
        const path = join(folder, `${index}.json`);
        await writeFile(path, JSON.stringify(pact));
        return path;
      }),
    );
    const { providerBaseUrl, stateUrl, state } = run;
    const provider = run.pacts[0]?.provider.name ?? '';
    return readResults(await converse(run, { provider, providerBaseUrl, stateUrl, pactFiles, state }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Longer is a verifier that hangs: each interaction has at most the patience of the sender. */
const LIMIT_MS = 60_000;
const LIMIT_PER_INTERACTION_MS = 30_000;

function converse({ script, env, signal, pacts }: VerifierRun, task: VerifierTask): Promise<string> {
  const interactions = pacts.reduce((sum, pact) => sum + pact.interactions.length, 0);
  const child = fork(script, {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    signal,
    timeout: LIMIT_MS + interactions * LIMIT_PER_INTERACTION_MS,
    // No telemetry, and no proxy between the verifier and the tap. No credentials: the tap has them.
    env: { PATH: env['PATH'], HOME: env['HOME'], PACT_DO_NOT_TRACK: 'true', NO_PROXY: '127.0.0.1,localhost' },
  });
  return new Promise((resolve, reject) => {
    child.once('message', (answer: VerifierAnswer) => resolve(answer.output));
    child.once('error', reject);
    child.once('exit', (code) => reject(new VerifierError(`Pact's verifier ended with exit code ${code}`)));
    child.send(task);
  });
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
    throw new VerifierError(`Pact's verifier said: ${output.slice(0, 200)}`, { cause });
  }
  return (parsed.interactionResults ?? []).map(({ consumer, description, result, mismatch }) => ({
    consumer,
    description,
    isOk: result === 'OK',
    mismatches: mismatch === undefined ? [] : wordsOf(mismatch),
  }));
}

function wordsOf({ message, mismatches }: Mismatch): string[] {
  const words = (mismatches ?? []).map(({ mismatch = '', path }) => {
    const place =
      path === undefined || path === '$' || path === '/' ? '' : ` at ${path.replace(/^\$\.?/, '')}`;
    return `${mismatch.replace('Actual map is missing the following keys:', 'no')}${place}`;
  });
  return words.length > 0 ? words.toSorted() : [message ?? 'the verifier gave no reason'];
}
