import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { _, Ajv } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';

import { contentKey } from '../core/node/index.ts';
import { schemas } from '../core/api/schemas/index.ts';
import { formats } from './formats.ts';

const schemasFolder = join(import.meta.dirname, '..', 'core', 'api', 'schemas');
const outfile = join(import.meta.dirname, '..', 'core', 'judge', 'validators.generated.js');

/**
 * Compiles the schemas to one module without imports, which Node, Jest and k6 can load. Does nothing if the module is up to
 * date.
 */
export async function compileValidators(): Promise<void> {
  const header = `// Generated from schemas with the key ${await sourceKey()}.\n`;
  const current = await readFile(outfile, 'utf8').catch(() => '');
  if (current.startsWith(header)) return;
  const ajv = new Ajv({
    allErrors: true,
    formats,
    code: { source: true, esm: true, formats: _`require("./formats.ts").formats` },
  });
  for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(schema, name);
  const names = Object.fromEntries(Object.keys(schemas).map((name) => [name, name]));
  const { outputFiles } = await build({
    stdin: { contents: standaloneCode(ajv, names), resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    logLevel: 'warning',
  });
  await writeFile(outfile, header + (outputFiles[0]?.text ?? ''));
}

/** A key that changes with the schemas, the formats and the compiler. */
async function sourceKey(): Promise<string> {
  const names = await readdir(schemasFolder);
  const files = names.toSorted().map((name) => join(schemasFolder, name));
  const own = ['scripts/compile-validators.ts', 'scripts/formats.ts', 'core/api/date-time.ts'].map((name) =>
    join(import.meta.dirname, '..', name),
  );
  const { version } = JSON.parse(
    await readFile(join(import.meta.dirname, '..', 'node_modules', 'ajv', 'package.json'), 'utf8'),
  ) as { version: string };
  return contentKey([...files, ...own], version);
}
