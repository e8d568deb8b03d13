import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from '@jest/globals';

import { readBroker } from './broker-settings.ts';
import { readSettings, type Given, type SettingsSources } from './read.ts';
import { runSettings } from './run-settings.ts';
import { envName, flagName, keys } from './table.ts';

const folder = mkdtempSync(join(tmpdir(), 'mch-settings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function settingsFile(content: unknown): string {
  const path = join(folder, `${Math.random()}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const missing = join(folder, 'missing.json');

/** Reads all settings. */
function read(sources: Partial<SettingsSources>): Given {
  return readSettings({ flags: {}, env: {}, file: missing, reads: keys, ...sources });
}

test('a flag takes precedence over the environment, and that over the file', () => {
  const file = settingsFile({ seed: 1, failOn: 'minor', managedClient: 'file' });
  const env = { MCH_SEED: '2', MCH_FAIL_ON: 'critical' };
  expect(read({ flags: { seed: '3' }, env, file })).toEqual({
    seed: 3,
    failOn: 'critical',
    managedClient: 'file',
  });
});

test('flag and environment variable follow from the key', () => {
  expect(keys.map((key) => [key, flagName(key), envName(key)]).slice(0, 2)).toEqual([
    ['target', 'target', 'SAIL_BASE_URL'],
    ['managedClient', 'managed-client', 'MCH_MANAGED_CLIENT'],
  ]);
});

test.each([
  [{ sed: 1 }, 'has the setting "sed"'],
  [{ yes: true }, 'is only available as a flag'],
  [[], 'it is not a JSON object'],
  ['{', 'it is not JSON'],
  [{ seed: 1.5 }, 'a 32-bit integer'],
])('rejects the file %j', (content, sentence) => {
  expect(() => read({ file: settingsFile(content) })).toThrow(sentence);
});

test('a list keeps values that contain commas', () => {
  expect(read({ flags: { tag: ['a,b', 'c'] } })).toEqual({ tag: ['a,b', 'c'] });
});

test('a command may read only the flag of a setting', () => {
  const env = { MCH_PACTS: 'broker' };
  const file = settingsFile({ pacts: 'broker' });
  const ignores = { pacts: (value: string) => value === 'broker' };
  expect(read({ env, file, ignores })).toEqual({});
  expect(read({ env, file, flags: { pacts: 'broker' }, ignores })).toEqual({ pacts: 'broker' });
  expect(read({ env: { MCH_PACTS: 'folder' }, file, ignores })).toEqual({ pacts: 'folder' });
});

test('consent is not read from the environment', () => {
  expect(() => read({ env: { MCH_YES: 'true' } })).toThrow(
    'The environment sets "MCH_YES", which is only available as a flag: remove it and pass the flag.',
  );
});

/** Pipelines set missing secrets to an empty text. */
describe('a variable that is set but empty', () => {
  test.each(['SAIL_BASE_URL', 'MCH_MANAGED_CLIENT', 'MCH_SECOND_MANAGED_CLIENT', 'MCH_QUOTA'])(
    'is rejected if it decides what is tested: %s',
    (name) => {
      for (const empty of ['', ' ']) {
        expect(() => read({ env: { [name]: empty } })).toThrow(`${name} is set but empty`);
      }
    },
  );

  test.each(['MCH_PROFILE', 'MCH_SEED', 'MCH_PACTS', 'MCH_MAX_REQUESTS'])(
    'counts as absent otherwise: %s',
    (name) => {
      expect(read({ env: { [name]: '' } })).toEqual({});
    },
  );

  test('is ignored next to a flag, and by a command that does not read it', () => {
    const env = { MCH_QUOTA: '' };
    expect(read({ flags: { quota: '20/2s' }, env })).toEqual({
      quota: { limit: 20, windowMs: 2000 },
    });
    expect(read({ env, reads: ['reports'] })).toEqual({});
  });
});

describe('an unknown variable', () => {
  test.each([
    ['MCH_MANAGED_CLEINT', 'MCH_MANAGED_CLIENT'],
    ['MCH_READER_SECRET', 'MCH_READER_CLIENT_SECRET'],
    ['MCH_TARGET', 'MCH_'],
    ['SAIL_BASEURL', 'SAIL_BASE_URL'],
    ['SAIL_CLIENTID', 'SAIL_CLIENT_ID'],
  ])('is rejected with the nearest name: %s', (name, near) => {
    for (const value of ['x', '']) {
      const readName = (): Given => read({ env: { [name]: value } });
      expect(readName).toThrow(`${name} is not a setting (did you mean ${near}`);
    }
  });

  test.each([
    ['a variable of another SailPoint tool', { SAIL_AUTH_TYPE: 'pat' }],
    ['of a script of the repository', { MCH_UPDATE_PACTS: 'true' }],
    ['next to the correct one', { SAIL_BASE_URI: 'x', SAIL_BASE_URL: 'https://x.example' }],
  ])('is accepted if it is %s', (_, env) => {
    expect(() => read({ env })).not.toThrow();
  });
});

const bare = { layers: [], env: {}, newSeed: () => 7, isLoopback: false };
const input = { ...bare, env: { SAIL_ACCESS_TOKEN: 'x' } };

/** The reference provider would pass in place of the intended target. */
describe('without a target', () => {
  test.each<[Given, string]>([
    [{ profile: 'staging' }, '--profile'],
    [{ publishResults: true }, '--publish-results'],
    [{ allow: ['read'] }, '--allow'],
    [{ yes: true }, '--yes'],
    [{ managedClient: 'a' }, '--managed-client'],
    [{ secondManagedClient: 'a' }, '--second-managed-client'],
  ])('rejects %j', (given, name) => {
    expect(() => runSettings({ ...bare, given })).toThrow(`${name} is given without a target`);
    if (given.publishResults) return;
    expect(runSettings({ ...bare, given: { ...given, target: 'reference' } }).target.kind).toBe('reference');
  });

  test.each(['SAIL_CLIENT_ID', 'SAIL_ACCESS_TOKEN', 'MCH_LOAD_CLIENT_SECRET', 'SAIL_TOKEN_URL'])(
    'rejects %s unless it is empty',
    (name) => {
      const settings = (value: string, target?: string): unknown =>
        runSettings({ ...bare, env: { [name]: value }, given: target === undefined ? {} : { target } });
      expect(() => settings('x')).toThrow(`${name} is given without a target`);
      expect(() => settings('')).not.toThrow();
      expect(() => settings('x', 'reference')).not.toThrow();
    },
  );

  test.each<Given>([{ profile: 'nightly' }, { seed: 1 }, { yes: false }, { fault: 'limit-low' }])(
    'accepts %j',
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
    [{ SAIL_CLIENT_ID: 'x', SAIL_CLIENT_SECRET: '' }, 'SAIL_CLIENT_ID is set without its counterpart'],
    [{ SAIL_CLIENT_ID: '', SAIL_CLIENT_SECRET: '' }, 'SAIL_CLIENT_ID is set but empty'],
    [{ SAIL_ACCESS_TOKEN: 'x', MCH_OTHER_CLIENT_SECRET: 'x' }, 'MCH_OTHER_CLIENT_SECRET is set without'],
    [
      { SAIL_ACCESS_TOKEN: 'x', MCH_OTHER_CLIENT_ID: '', MCH_OTHER_CLIENT_SECRET: 'x' },
      'without its counterpart',
    ],
  ])('%j are rejected', (env, sentence) => {
    expect(() => settings(env)).toThrow(sentence);
  });

  test('of an optional principal may be empty, which the report mentions', () => {
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
      'an empty token next to both',
      { PACT_BROKER_USERNAME: 'x', PACT_BROKER_PASSWORD: 'x', PACT_BROKER_TOKEN: '' },
      undefined,
    ],
    ['a token next to an empty user name', { PACT_BROKER_USERNAME: '', PACT_BROKER_TOKEN: 'x' }, undefined],
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
])('completes %j', (given, expected) => {
  const isLoopback = expected.kind === 'loopback';
  const { target, allow, profile, pace, layers, seed } = runSettings({ ...input, given, isLoopback });
  expect({ kind: target.kind, allow, profile, pace, layers: layers.length, seed }).toEqual({
    ...expected,
    seed: 7,
  });
});
