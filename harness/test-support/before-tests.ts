import { execFileSync } from 'node:child_process';

import { missingInPipeline } from './tools.ts';

/** Jest's global set-up: tests run the built command. What else they need, they request themselves. */
export default async function beforeTests(): Promise<void> {
  execFileSync('npm', ['run', '-s', 'prepare'], { stdio: 'inherit' });
  const missing = await missingInPipeline(process.env);
  if (missing === undefined) return;
  // Jest would print the stack of an error.
  process.stderr.write(`The tests need every tool where CI is set: ${missing}.\n`);
  process.exit(1);
}
