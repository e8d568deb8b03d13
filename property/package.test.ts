import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import * as generators from './generators.ts';
import type * as library from './library/generators.d.ts';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'mch-library-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The package as `npm pack` makes it, beside the fast-check of its user. */
beforeAll(() => {
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
    cwd: root,
  });
  const installed = join(folder, 'node_modules', 'managed-clients-harness');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', [
    '-xzf',
    join(folder, packed.toString().trim()),
    '-C',
    installed,
    '--strip-components=1',
  ]);
  for (const name of ['fast-check', 'pure-rand']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
});

const own = `
  import * as fc from 'fast-check';
  import { managedClientStatus, timestamp } from 'managed-clients-harness/generators';
  fc.assert(fc.property(managedClientStatus(), ({ status }) => status.length > 3));
  fc.assert(fc.property(timestamp(), (text) => text.includes('T')));
  console.log('ran');
`;

test('the tests of others draw from the generators of an installed package', () => {
  writeFileSync(join(folder, 'own.js'), own);
  expect(execFileSync(process.execPath, ['own.js'], { cwd: folder }).toString()).toBe('ran\n');
});

test('they are told what is drawn', () => {
  const wrong = own.replace('status.length > 3', "status === 'BROKEN'");
  const check = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    const args = ['--noEmit', '--strict', '--module', 'nodenext', '--types', '', name];
    try {
      return execFileSync(join(root, 'node_modules', '.bin', 'tsc'), args, { cwd: folder }).toString();
    } catch (error) {
      return String((error as { stdout?: Buffer }).stdout);
    }
  };
  expect(check('own.ts', own.replace("console.log('ran');", ''))).toBe('');
  expect(check('wrong.ts', wrong.replace("console.log('ran');", ''))).toContain('TS2367');
});

test('the declarations are those of the code', () => {
  const declared: typeof library = generators;
  expect(Object.keys(declared).toSorted()).toEqual([
    'aggResponse',
    'errorResponse',
    'managedClientStatus',
    'timestamp',
    'tooManyRequestsResponse',
    'unauthorizedResponse',
  ]);
});
