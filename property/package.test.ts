import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { extract } from 'tar';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'mch-library-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Installs the package as `npm pack` creates it, next to the fast-check of its user. */
beforeAll(() => {
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
    cwd: root,
  });
  const installed = join(folder, 'node_modules', 'managed-clients-harness');
  mkdirSync(installed, { recursive: true });
  extract({ file: join(folder, packed.toString().trim()), cwd: installed, strip: 1, sync: true });
  for (const name of ['fast-check', 'pure-rand']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
});

const example = `
  import * as fc from 'fast-check';
  import { managedClientStatus, timestamp } from 'managed-clients-harness/generators';
  fc.assert(fc.property(managedClientStatus(), ({ status }) => status.length > 3));
  fc.assert(fc.property(timestamp(), (text) => text.includes('T')));
  console.log('ran');
`;

test('an installed package provides the generators', () => {
  writeFileSync(join(folder, 'example.js'), example);
  expect(execFileSync(process.execPath, ['example.js'], { cwd: folder }).toString()).toBe('ran\n');
});

test('its declarations type the generated values', () => {
  const wrong = example.replace('status.length > 3', "status === 'BROKEN'");
  const check = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    const args = ['--noEmit', '--strict', '--module', 'nodenext', '--types', '', name];
    try {
      return execFileSync(join(root, 'node_modules', '.bin', 'tsc'), args, { cwd: folder }).toString();
    } catch (error) {
      return String((error as { stdout?: Buffer }).stdout);
    }
  };
  expect(check('example.ts', example.replace("console.log('ran');", ''))).toBe('');
  expect(check('wrong.ts', wrong.replace("console.log('ran');", ''))).toContain('TS2367');
});
