import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from '@jest/globals';

import { readSettings, type Given } from './read.ts';
import { readBroker, runSettings } from './run-settings.ts';
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
  const env = { MCH_SEED: '2', MCH_FAIL_ON: 'critical' };
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
  const read = (): unknown => readSettings({ flags: {}, env: { MCH_YES: 'true' }, file: none });
  expect(read).toThrow('The environment has "MCH_YES", which can only be given as a flag.');
});

/** What a pipeline gives for a variable that does not exist is no setting. */
describe('a variable that is set but empty', () => {
  test.each(['SAIL_BASE_URL', 'MCH_MANAGED_CLIENT', 'MCH_SECOND_MANAGED_CLIENT', 'MCH_QUOTA'])(
    'is refused where it decides what is tested: %s',
    (name) => {
      for (const empty of ['', ' ']) {
        const read = (): unknown => readSettings({ flags: {}, env: { [name]: empty }, file: none });
        expect(read).toThrow(`${name} is set but empty`);
      }
    },
  );

  test.each(['MCH_PROFILE', 'MCH_SEED', 'MCH_PACTS', 'MCH_MAX_REQUESTS'])(
    'counts as absent elsewhere: %s',
    (name) => {
      expect(readSettings({ flags: {}, env: { [name]: '' }, file: none })).toEqual({});
    },
  );

  test('does not matter beside a flag, or to a command that does not read it', () => {
    const env = { MCH_QUOTA: '' };
    expect(readSettings({ flags: { quota: '20/2s' }, env, file: none })).toEqual({
      quota: { limit: 20, windowMs: 2000 },
    });
    expect(readSettings({ flags: {}, env, file: none, reads: ['reports'] })).toEqual({});
  });
});

describe('a variable that no setting has', () => {
  test.each([
    ['MCH_MANAGED_CLEINT', 'MCH_MANAGED_CLIENT'],
    ['MCH_READER_SECRET', 'MCH_READER_CLIENT_SECRET'],
    ['MCH_TARGET', 'MCH_FAULT'],
    ['SAIL_BASEURL', 'SAIL_BASE_URL'],
    ['SAIL_CLIENTID', 'SAIL_CLIENT_ID'],
  ])('is refused, with the nearest name: %s', (name, near) => {
    for (const value of ['x', '']) {
      const read = (): unknown => readSettings({ flags: {}, env: { [name]: value }, file: none });
      expect(read).toThrow(`${name} is set, but no setting has this name (did you mean`);
      if (name !== 'MCH_TARGET') expect(read).toThrow(near);
    }
  });

  test.each([
    ['of another tool of SailPoint', { SAIL_AUTH_TYPE: 'pat' }],
    ['of our own scripts', { MCH_UPDATE_PACTS: 'true' }],
    ['beside the one that is meant', { SAIL_BASE_URI: 'x', SAIL_BASE_URL: 'https://x.example' }],
  ])('may be %s', (_, env) => {
    expect(() => readSettings({ flags: {}, env, file: none })).not.toThrow();
  });
});

const bare = { layers: [], env: {}, freshSeed: () => 7 };
const input = { ...bare, env: { SAIL_ACCESS_TOKEN: 'x' } };

/** The built-in provider would be green for a target that a pipeline does not name. */
describe('without a target', () => {
  test.each<[Given, string]>([
    [{ profile: 'staging' }, '--profile'],
    [{ publishResults: true }, '--publish-results'],
    [{ allow: ['read'] }, '--allow'],
    [{ yes: true }, '--yes'],
    [{ managedClient: 'a' }, '--managed-client'],
    [{ secondManagedClient: 'a' }, '--second-managed-client'],
  ])('refuses %j', (given, name) => {
    expect(() => runSettings({ ...bare, given })).toThrow(`${name} is given without a target`);
    if (given.publishResults) return;
    expect(runSettings({ ...bare, given: { ...given, target: 'reference' } }).target.kind).toBe('reference');
  });

  test.each(['SAIL_CLIENT_ID', 'SAIL_ACCESS_TOKEN', 'MCH_LOAD_CLIENT_SECRET', 'SAIL_TOKEN_URL'])(
    'refuses %s, unless it is empty',
    (name) => {
      const settings = (value: string, target?: string): unknown =>
        runSettings({ ...bare, env: { [name]: value }, given: target === undefined ? {} : { target } });
      expect(() => settings('x')).toThrow(`${name} is given without a target`);
      expect(() => settings('')).not.toThrow();
      expect(() => settings('x', 'reference')).not.toThrow();
    },
  );

  test.each<Given>([{ profile: 'nightly' }, { seed: 1 }, { yes: false }, { fault: 'limit-low' }])(
    'takes %j',
    (given) => {
      expect(runSettings({ ...bare, given }).target.kind).toBe('reference');
    },
  );
});

describe('credentials', () => {
  const given = { target: 'https://x.example', managedClient: 'a' };
  const settings = (env: Record<string, string>): ReturnType<typeof runSettings> =>
    runSettings({ ...bare, env, given });

  test.each([
    [{ SAIL_CLIENT_ID: 'x', SAIL_CLIENT_SECRET: '' }, 'SAIL_CLIENT_ID is set without its other half'],
    [{ SAIL_CLIENT_ID: '', SAIL_CLIENT_SECRET: '' }, 'SAIL_CLIENT_ID is set but empty'],
    [{ SAIL_ACCESS_TOKEN: 'x', MCH_OTHER_CLIENT_SECRET: 'x' }, 'MCH_OTHER_CLIENT_SECRET is set without'],
    [
      { SAIL_ACCESS_TOKEN: 'x', MCH_OTHER_CLIENT_ID: '', MCH_OTHER_CLIENT_SECRET: 'x' },
      'without its other half',
    ],
  ])('%j are refused', (env, sentence) => {
    expect(() => settings(env)).toThrow(sentence);
  });

  test('of an optional principal may be empty, and are remembered as that', () => {
    const { target } = settings({
      SAIL_ACCESS_TOKEN: 'x',
      MCH_READER_CLIENT_ID: '',
      MCH_READER_CLIENT_SECRET: '',
    });
    expect(target).toMatchObject({ emptyVariables: { reader: 'MCH_READER_CLIENT_ID' } });
  });

  test.each<[string, Record<string, string>, string | undefined]>([
    ['no broker', { PACT_BROKER_BASE_URL: '' }, 'PACT_BROKER_BASE_URL is set but empty'],
    ['a user name alone', { PACT_BROKER_USERNAME: 'x' }, 'PACT_BROKER_USERNAME is set without'],
    [
      'an empty password',
      { PACT_BROKER_USERNAME: 'x', PACT_BROKER_PASSWORD: '' },
      'PACT_BROKER_USERNAME is set without',
    ],
    ['a password alone', { PACT_BROKER_PASSWORD: 'x' }, 'PACT_BROKER_PASSWORD is set without'],
    [
      'an empty token beside both',
      { PACT_BROKER_USERNAME: 'x', PACT_BROKER_PASSWORD: 'x', PACT_BROKER_TOKEN: '' },
      undefined,
    ],
    ['a token beside an empty user name', { PACT_BROKER_USERNAME: '', PACT_BROKER_TOKEN: 'x' }, undefined],
  ])('of a broker: %s', (_, env, sentence) => {
    const read = (): unknown => readBroker({ PACT_BROKER_BASE_URL: 'http://broker.example', ...env });
    if (sentence === undefined) expect(read).not.toThrow();
    else expect(read).toThrow(sentence);
  });
});

test.each([
  [
    { target: 'reference' },
    { kind: 'reference', allow: ['read', 'write', 'load'], profile: 'ci', pace: undefined, layers: 3 },
  ],
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
