import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from '@jest/globals';

import { APPROVED_SIGNATURES, changedSignatures } from './signatures.ts';
import { runInChild } from '../test-support/run-in-child.ts';

const folder = mkdtempSync(join(tmpdir(), 'mch-signatures-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const approved = join(folder, APPROVED_SIGNATURES);
const run = (...more: string[]) =>
  runInChild(['run', 'property', '--reports', join(folder, 'reports'), ...more], { cwd: folder });

test('tells of cells that are answered otherwise than approved, and fails nobody for it', async () => {
  await run('--seed', '1');
  const signatures = readFileSync(join(folder, 'reports', 'signatures.json'), 'utf8');
  const { 'missing@timestamp': one } = JSON.parse(signatures) as Record<string, string>;
  expect(one).toMatch(/^400 N\.N Bad request content/);
  writeFileSync(approved, signatures);
  const same = await run('--seed', '2');
  expect([same.exitCode, same.stdout.includes('than approved')]).toEqual([0, false]);
  const other = await run('--seed', '2', '--fault', 'other-error-text');
  expect(other.exitCode).toBe(0);
  expect(other.stdout).toMatch(
    /otherwise than approved in fuzz-signatures\.json:\n +[\w-]+@\w+: 400 .+ → 400 /,
  );
});

test.each([
  ['no JSON', 'hello', 'it is not JSON'],
  ['a list', '[]', 'no JSON object'],
])('approved signatures that are %s are a usage error', async (_, text, sentence) => {
  writeFileSync(approved, text);
  const { exitCode, stderr } = await run();
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining(sentence)]);
});

test('a cell that nobody approved yet is no news', () => {
  expect(changedSignatures({ a: '400' }, new Map([['b', '500']]))).toEqual([]);
});
