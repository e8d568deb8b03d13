import { execFile } from 'node:child_process';
import { readdir, rename, rm } from 'node:fs/promises';
import { promisify } from 'node:util';

import { build, type BuildOptions } from 'esbuild';

const run = promisify(execFile);

const root = `${import.meta.dirname}/..`;
const dist = `${root}/dist`;

const forNode = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  packages: 'external',
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** Bundles the command and the process of the verifier. Node does not strip types below node_modules. */
export async function bundleCommand(): Promise<void> {
  // The shared chunk has a hash in its name, so the previous one would remain.
  for (const name of await readdir(dist).catch(() => [])) {
    if (name.endsWith('.js')) await rm(`${dist}/${name}`);
  }
  await build({
    ...forNode,
    entryPoints: ['harness/bin.ts', 'contracts/verification/verifier-process.ts'].map(
      (file) => `${root}/${file}`,
    ),
    outdir: dist,
    entryNames: '[name]',
    splitting: true,
  });
}

/** Bundles the k6 scripts into one module, because k6 does not resolve packages. */
export async function bundleLoadScript(): Promise<void> {
  await build({
    entryPoints: [`${root}/load/scripts/main.ts`],
    outfile: `${dist}/load-script.js`,
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    external: ['k6', 'k6/*'],
    logLevel: 'warning',
  });
}

/** Bundles the generators as a library that needs only fast-check, with its declarations. */
export async function bundleGenerators(): Promise<void> {
  await build({ ...forNode, entryPoints: [`${root}/property/generators.ts`], outdir: dist });
  const types = `${dist}/types`;
  const options = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--outDir', types];
  await run(process.execPath, [
    `${root}/node_modules/typescript/bin/tsc`,
    '-p',
    `${root}/scripts/generators.tsconfig.json`,
    ...options,
  ]);
  await rename(`${types}/property/generators.d.ts`, `${dist}/generators.d.ts`);
  await rm(types, { recursive: true });
}
