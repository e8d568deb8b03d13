import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { areConsumersRequired, missingToolchain } from '../contracts/consumers/toolchain.ts';
import { consumerNames } from '../contracts/consumers/sdk.ts';
import { packagePaths } from '../harness/package-paths.ts';
import { K6MissingError, resolveK6 } from '../load/k6-binary/index.ts';

/** A tool that tests need. */
export interface Tool {
  readonly name: string;
  /** Why the tool is not available. */
  readonly missing: string | undefined;
}

export interface K6Tool extends Tool {
  /** The path of the binary; empty if it is missing. */
  readonly binary: string;
}

/** Finds k6 for tests, or installs it. */
export async function k6ForTests(env: NodeJS.ProcessEnv): Promise<K6Tool> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const options = { env, module: packagePaths.k6Module, mirror: env['MCH_K6_MIRROR'] };
  try {
    const binary = await resolveK6(options, { say, tick: () => undefined });
    return { name: 'k6', missing: undefined, binary };
  } catch (error) {
    if (!(error instanceof K6MissingError)) throw error;
    return { name: 'k6', missing: error.message, binary: '' };
  }
}

/** Go for tests that call it directly. */
export async function goForTests(env: NodeJS.ProcessEnv): Promise<Tool> {
  return { name: 'Go', missing: await missingToolchain('go-sdk', env) };
}

/** Python for tests that call it directly. */
export async function pythonForTests(): Promise<Tool> {
  const missing = await promisify(execFile)('python3', ['--version']).then(
    () => undefined,
    () => 'there is no python3',
  );
  return { name: 'Python', missing };
}

/** The tool that is missing in a pipeline, where skipped tests would prove nothing; undefined if none is. */
export async function missingInPipeline(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (!areConsumersRequired(env)) return undefined;
  for (const consumer of consumerNames) {
    const missing = await missingToolchain(consumer, env);
    if (missing !== undefined) return missing;
  }
  return (await k6ForTests(env)).missing;
}
