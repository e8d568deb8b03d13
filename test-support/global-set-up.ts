import { bundleLoadScript } from '../scripts/bundle.ts';
import { compileValidators } from '../scripts/compile-validators.ts';
import { missingInPipeline } from './tools.ts';

/** Jest's global set-up: builds the validators if they are stale, and the script for k6, which takes 0.1 s. */
export default async function globalSetUp(): Promise<void> {
  await compileValidators();
  await bundleLoadScript();
  const missing = await missingInPipeline(process.env);
  if (missing === undefined) return;
  // Jest would print the stack of an error.
  process.stderr.write(`The tests need every tool if CI is set: ${missing}.\n`);
  process.exit(1);
}
