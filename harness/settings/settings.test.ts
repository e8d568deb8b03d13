import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from '@jest/globals';

import { readSettings } from './read.ts';
import { runSettings } from './run-settings.ts';
import { envName, flagName, keys } from './table.ts';

const folder = mkdtempSync(join(tmpdir(), 'mch-settings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function settingsFile(content: unknown): string {
  const path = join(folder, `${Math.random()}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const none = join(folder, 'none.json');

test('a flag beats the environment, the environment the file', () => {
  const file = settingsFile({ seed: 1, failOn: 'minor', managedClient: 'file' });
  const env = { MCH_SEED: '2', MCH_FAIL_ON: 'critical', SAIL_BASE_URL: '' };
  expect(readSettings({ flags: { seed: '3' }, env, file })).toEqual({
    seed: 3,
    failOn: 'critical',
    managedClient: 'file',
  });
});

test('the three spellings of a setting follow from its key', () => {
  expect(keys.map((key) => [key, flagName(key), envName(key)]).slice(0, 2)).toEqual([
    ['target', 'target', 'SAIL_BASE_URL'],
    ['managedClient', 'managed-client', 'MCH_MANAGED_CLIENT'],
  ]);
});

test.each([
  [{ sed: 1 }, 'has the setting "sed"'],
  [{ yes: true }, 'can only be given as a flag'],
  [[], 'it is no JSON object'],
  ['{', 'it is not JSON'],
  [{ seed: 1.5 }, 'an integer of 32 bits'],
])('refuses the file %j', (content, sentence) => {
  expect(() => readSettings({ flags: {}, env: {}, file: settingsFile(content) })).toThrow(sentence);
});

test('consent does not come from the environment', () => {
  expect(readSettings({ flags: {}, env: { MCH_YES: 'true' }, file: none })).toEqual({});
});

const input = { layers: [], env: { SAIL_ACCESS_TOKEN: 'x' }, freshSeed: () => 7 };

test.each([
  [{}, { kind: 'reference', allow: ['read', 'write', 'load'], profile: 'ci', pace: undefined, layers: 3 }],
  [
    { target: 'http://127.0.0.1:9', managedClient: 'a' },
    {
      kind: 'loopback',
      allow: ['read', 'write', 'load'],
      profile: 'ci',
      pace: { limit: 95, windowMs: 10_000 },
      layers: 3,
    },
  ],
  [
    { target: 'https://x.example', managedClient: 'a' },
    { kind: 'remote', allow: ['read'], profile: 'staging', pace: { limit: 95, windowMs: 10_000 }, layers: 2 },
  ],
])('fills %j', (given, expected) => {
  const { target, allow, profile, pace, layers, seed } = runSettings({ ...input, given });
  expect({ kind: target.kind, allow, profile, pace, layers: layers.length, seed }).toEqual({
    ...expected,
    seed: 7,
  });
});
