import { areConsumersRequired, missingToolchain } from '../../contracts/consumers/toolchain.ts';
import { consumerNames } from '../../contracts/consumers/sdk.ts';
import { K6MissingError, resolveK6 } from '../../load/index.ts';
import { packagePaths } from '../package-paths.ts';

/** A tool that some tests need, and why it is not there. */
export interface Tool {
  readonly name: string;
  readonly missing: string | undefined;
}

export interface K6Tool extends Tool {
  /** Path of the binary; empty if it is missing. */
  readonly binary: string;
}

/** k6 for tests: it is downloaded or built if it is not there. */
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

/** Go for tests that run it themselves. */
export async function goForTests(env: NodeJS.ProcessEnv): Promise<Tool> {
  return { name: 'Go', missing: await missingToolchain('go-sdk', env) };
}

/** Why the tests cannot run in a pipeline, where a skipped test would prove nothing; undefined if they can. */
export async function missingInPipeline(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (!areConsumersRequired(env)) return undefined;
  for (const consumer of consumerNames) {
    const missing = await missingToolchain(consumer, env);
    if (missing !== undefined) return missing;
  }
  return (await k6ForTests(env)).missing;
}
