import { execFileSync } from 'node:child_process';

import { resolveK6 } from '../../load/k6-binary.ts';
import { packagePaths } from '../package-paths.ts';
import { setUpConsumers } from './set-up-consumers.ts';

/** Jest's global set-up: tests run the built command; k6 and the drivers of the SDKs are built before they are timed. */
export default async function beforeTests(): Promise<void> {
  execFileSync('npm', ['run', '-s', 'prepare'], { stdio: 'inherit' });
  const onBuild = (): unknown =>
    process.stderr.write('building k6, which takes a minute or two and happens once\n');
  await resolveK6({ env: process.env, module: packagePaths.k6Module, onBuild });
  await setUpConsumers();
}
