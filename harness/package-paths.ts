import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of package.json: two files up from dist/, one from harness/. */
const root = findRoot(import.meta.dirname);

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}

/** What is run or read as a file, from a checkout and from an installed package alike. */
export const packagePaths = {
  pacts: join(root, 'contracts', 'pacts'),
  consumers: join(root, 'contracts', 'consumers'),
  k6Script: join(root, 'dist', 'load-script.js'),
  k6Module: join(root, 'load', 'k6-build'),
  packageJson: join(root, 'package.json'),
  command: join(root, 'dist', 'bin.js'),
  /** Node strips no types below node_modules: an installed package runs the bundle. */
  verifier: import.meta.filename.endsWith('.ts')
    ? join(root, 'contracts', 'verification', 'verifier-process.ts')
    : join(root, 'dist', 'verifier-process.js'),
} as const;

/** The version in package.json. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(packagePaths.packageJson, 'utf8')) as { version: string };
  return version;
}
