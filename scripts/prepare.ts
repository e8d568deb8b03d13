// Makes what is not committed: the compiled validators and the command. Runs on `npm ci`, `npm pack` and by hand.
import { readdir, rm } from 'node:fs/promises';

import { Ajv } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import addFormats from 'ajv-formats';
import { build } from 'esbuild';

import { schemas } from '../core/api/schemas/index.ts';

const root = `${import.meta.dirname}/..`;

const forNode = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  packages: 'external',
  logLevel: 'warning',
} as const;

await compileValidators(`${root}/core/judge/validators.generated.js`);
await bundle(['harness/bin.ts', 'contracts/verification/verifier-process.ts'], `${root}/dist`);
// By itself: whoever draws from it needs nothing but fast-check.
await build({ ...forNode, entryPoints: [`${root}/property/generators.ts`], outdir: `${root}/dist` });

// k6 resolves no packages: the same scripts as one module.
await build({
  entryPoints: [`${root}/load/scripts/main.ts`],
  outfile: `${root}/dist/load-script.js`,
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  external: ['k6', 'k6/*'],
  logLevel: 'warning',
});

/** One plain module without imports: the same validators load in Node, Jest and k6. */
async function compileValidators(outfile: string): Promise<void> {
  const ajv = new Ajv({ allErrors: true, code: { source: true, esm: true } });
  addFormats(ajv, { mode: 'full' });
  for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(schema, name);
  const names = Object.fromEntries(Object.keys(schemas).map((name) => [name, name]));
  await build({
    stdin: { contents: standaloneCode(ajv, names), resolveDir: root },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    logLevel: 'warning',
  });
}

/** Node strips no types below node_modules, so what an installed package runs has to be JavaScript. */
async function bundle(entries: readonly string[], outdir: string): Promise<void> {
  // The shared part has a hash in its name: that of the last time must not stay.
  for (const name of await readdir(outdir).catch(() => [])) {
    if (name.endsWith('.js')) await rm(`${outdir}/${name}`);
  }
  await build({
    entryPoints: entries.map((entry) => `${root}/${entry}`),
    outdir,
    entryNames: '[name]',
    splitting: true,
    ...forNode,
  });
}
