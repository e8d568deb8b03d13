import { fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { PactFile } from './pact-file.ts';

/** Where Pact's verifier finds the pacts, and whether it says there what came out. */
export type PactSource =
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  | {
      readonly kind: 'broker';
      readonly url: string;
      /** The branch of the provider, which decides what is pending. */
      readonly branch: string;
      readonly publish?: ProviderVersion;
    };

/** The version of a provider that results are filed under. */
export interface ProviderVersion {
  readonly version: string;
  readonly buildUrl?: string | undefined;
}

/** What goes to the verifier's process. */
export interface VerifierTask {
  readonly provider: string;
  readonly providerBaseUrl: string;
  readonly stateUrl: string;
  readonly source: PactSource;
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

/** The process that Pact's verifier runs in. */
export interface VerifierProcess {
  readonly script: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** The tap that stands for the target. */
export interface VerifierTarget {
  readonly providerBaseUrl: string;
  readonly stateUrl: string;
  readonly state: string;
}

/** The verifier gave no result. */
export class VerifierError extends Error {
  override readonly name = 'VerifierError';
}

/** Verifies pacts with Pact's own verifier. @throws {VerifierError} where it ends without a result */
export async function verifyPacts(
  pacts: readonly PactFile[],
  target: VerifierTarget,
  child: VerifierProcess,
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
    return readResults(await runVerifier(task, interactions, child));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Longer is a verifier that hangs: each interaction has at most the patience of the sender. */
const LIMIT_MS = 60_000;
const LIMIT_PER_INTERACTION_MS = 30_000;

/** Runs the verifier in its own process. @returns its JSON, whether it is content or not */
export function runVerifier(
  task: VerifierTask,
  interactions: number,
  { script, env, signal }: VerifierProcess,
): Promise<string> {
  const child = fork(script, {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    signal,
    timeout: LIMIT_MS + interactions * LIMIT_PER_INTERACTION_MS,
    env: {
      PATH: env['PATH'],
      HOME: env['HOME'],
      // No telemetry, and no proxy between the verifier and the tap. No credentials: the tap and the door have them.
      PACT_DO_NOT_TRACK: 'true',
      NO_PROXY: '127.0.0.1,localhost',
    },
  });
  return new Promise((resolve, reject) => {
    child.once('message', (answer: VerifierAnswer) => resolve(answer.output));
    child.once('error', reject);
    // After the last message, while `exit` may come before it.
    child.once('disconnect', () => reject(new VerifierError("Pact's verifier ended without a result")));
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
    return `${inOurWords(mismatch)}${place}`;
  });
  return words.length > 0 ? words.toSorted() : [message ?? 'the verifier gave no reason'];
}

/** Pact's sentences in the terms of the API, without lengths and types that differ from one body to the next. */
function inOurWords(mismatch: string): string {
  return mismatch
    .replace('Actual map is missing the following keys:', 'no')
    .replace(/^Expected a header '([^']+)' but was missing$/, 'no $1')
    .replace(/^Expected body Present\(.*\) but was empty$/, 'no body');
}
