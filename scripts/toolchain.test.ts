import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..');

interface Entry {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly resolved?: string;
  readonly optionalDependencies?: Record<string, string>;
}

interface Manifest {
  readonly packages: Record<string, Entry>;
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}

function readJson(name: string): Manifest {
  return JSON.parse(readFileSync(join(root, name), 'utf8')) as Manifest;
}

const { packages } = readJson('package-lock.json');

test('the lockfile is complete: a platform package that could not be fetched is left out without a word', () => {
  const names = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)));
  const wanted = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
    Object.keys(optionalDependencies),
  );
  expect(wanted.filter((name) => !names.has(name))).toEqual([]);
});

test('every package of the lockfile has a hash', () => {
  const open = Object.entries(packages).filter(
    ([path, entry]) => path.includes('node_modules/') && !entry.link && !entry.integrity,
  );
  expect(open.map(([path]) => path)).toEqual([]);
});

test('dependencies are pinned exactly', () => {
  const { dependencies, devDependencies } = readJson('package.json');
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^(\d+\.\d+\.\d+|file:.*)$/.test(version),
  );
  expect(loose).toEqual([]);
});

test('https-proxy-agent is the last that Pact can load', () => {
  expect(packages['node_modules/https-proxy-agent']?.version).toMatch(/^7\./);
});

test('runs on Node 24', () => {
  expect(Number(process.versions.node.split('.')[0])).toBeGreaterThanOrEqual(24);
});

test('an old Node gets a sentence and exit code 3', () => {
  const script = `Object.defineProperty(process.versions,'node',{value:'20.1.0'});await import('./harness/require-node.mjs')`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
  });
  expect([status, stderr.toString()]).toEqual([3, expect.stringContaining('mch needs Node 24')]);
});
