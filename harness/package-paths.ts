import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of package.json. */
const root = findRoot(import.meta.dirname);

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}

/** A checkout runs the sources. An installed package runs bundles, because Node does not strip types in node_modules. */
const isSource = import.meta.filename.endsWith('.ts');

const bundledLoadScript = join(root, 'dist', 'load-script.js');

/** The files that are executed or read, in a checkout and in an installed package. */
export const packagePaths = {
  pacts: join(root, 'contracts', 'pacts'),
  consumers: join(root, 'contracts', 'consumers'),
  bundledLoadScript,
  k6Module: join(root, 'load', 'k6-build'),
  packageJson: join(root, 'package.json'),
  command: join(root, 'dist', 'bin.js'),
  verifier: isSource
    ? join(root, 'contracts', 'verification', 'verifier-process.ts')
    : join(root, 'dist', 'verifier-process.js'),
} as const;

/** The script for k6. k6 starts twice as fast with the bundle, so a checkout uses the sources only if they are newer. */
export function loadScript(): string {
  const isFresh = !isSource || modifiedAt(bundledLoadScript) >= Math.max(...loadSources().map(modifiedAt));
  return isFresh ? bundledLoadScript : join(root, 'load', 'scripts', 'main.ts');
}

function loadSources(): string[] {
  const folders = ['core', 'load'].map((name) => join(root, name));
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.[jt]s$/.test(name) && !name.endsWith('.test.ts'))
      .map((name) => join(folder, name)),
  );
}

/** Milliseconds since the epoch; 0 for a missing file. */
function modifiedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** The version in package.json. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(packagePaths.packageJson, 'utf8')) as { version: string };
  return version;
}
