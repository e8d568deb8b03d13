import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of package.json: two files up from dist/, one from harness/. */
const root = findRoot(import.meta.dirname);

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}

/** In a checkout the sources run as they are; below node_modules Node strips no types, and the built command runs what was bundled. */
const fromSource = import.meta.filename.endsWith('.ts');

const bundledK6Script = join(root, 'dist', 'load-script.js');

/** What is run or read as a file, from a checkout and from an installed package alike. */
export const packagePaths = {
  pacts: join(root, 'contracts', 'pacts'),
  consumers: join(root, 'contracts', 'consumers'),
  /** k6 reads one module sooner than forty files. */
  k6Script: fromSource ? join(root, 'load', 'scripts', 'main.ts') : bundledK6Script,
  /** A cluster takes one file only. */
  k6Bundle: bundledK6Script,
  k6Module: join(root, 'load', 'k6-build'),
  packageJson: join(root, 'package.json'),
  command: join(root, 'dist', 'bin.js'),
  verifier: fromSource
    ? join(root, 'contracts', 'verification', 'verifier-process.ts')
    : join(root, 'dist', 'verifier-process.js'),
} as const;

/** The version in package.json. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(packagePaths.packageJson, 'utf8')) as { version: string };
  return version;
}
