import { execFileSync } from 'node:child_process';

import { resolveK6 } from '../../load/k6-binary.ts';
import { packagePaths } from '../package-paths.ts';

/** Jest's global set-up: tests run the built command, and k6 is built once and not by many at a time. */
export default async function beforeTests(): Promise<void> {
  execFileSync('npm', ['run', '-s', 'prepare'], { stdio: 'inherit' });
  const onBuild = (): unknown =>
    process.stderr.write('building k6, which takes a minute or two and happens once\n');
  await resolveK6({ env: process.env, module: packagePaths.k6Module, onBuild });
}
