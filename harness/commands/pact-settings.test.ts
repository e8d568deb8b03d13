import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Provider } from '../../fixtures/provider/server.ts';
import { credentialsOf } from '../../test-support/credentials-of.ts';
import { textOf } from '../../test-support/foreign-cases.ts';
import { forms, readOf, report, reportOf, type Version } from '../../test-support/foreign-pacts.ts';
import { runCommand, type CommandRun } from '../../test-support/run-command.ts';
import { serve } from '../../test-support/serve.ts';
import { startTestProvider } from '../../test-support/start-test-provider.ts';

const root = mkdtempSync(join(tmpdir(), 'mch-foreign-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Writes files to a folder of their own. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(root, 'pacts-'));
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function pactText(interactions: readonly unknown[], version: Version = '4.0', consumer = 'team'): string {
  return textOf({ consumer, version, pact: { interactions, results: [], published: undefined } });
}

describe('files', () => {
  const plain = pactText([readOf('4.0')]);

  test.each([
    ['one file', { 'a.json': plain }, '/a.json', 0, 1],
    ['a byte order mark', { 'a.json': `\uFEFF${plain}` }, '', 0, 1],
    ['a JSON file that is not a pact beside one', { 'a.json': plain, 'b.json': '{"versions":[]}' }, '', 0, 1],
    ['a broken file beside a pact', { 'a.json': plain, 'b.json': '{"consumer":' }, '', 3, 1],
    ['only a broken file', { 'b.json': '{"consumer":' }, '', 3, undefined],
    ['no pact', { 'b.json': '[]' }, '', 3, undefined],
  ] as const)('%s', async (...row) => {
    const [, files, name, exitCode, evaluated] = row;
    const run = await runCommand(['run', 'contracts', '--pacts', `${folderOf(files)}${name}`]);
    expect([run.exitCode, run.stderr]).toEqual([exitCode, '']);
    const layer = run.report?.layers.find((one) => one.name === 'contracts');
    if (evaluated !== undefined) expect(layer?.evaluated).toBe(evaluated);
  });

  test('numbers beyond the precision of a double are sent and compared exactly', async () => {
    const write = reportOf('4.0', { ...report, body: { serial: 'S' } }, 200);
    const read = readOf('4.0', { response: { body: forms['4.0'].body({ body: { serial: 'R' } }) } });
    const text = pactText([write, read]);
    const same = text.replace('"S"', '9007199254740993').replace('"R"', '9007199254740993');
    const neighbour = text.replace('"S"', '9007199254740993').replace('"R"', '9007199254740992');
    const verify = (pact: string): Promise<CommandRun> =>
      runCommand(['run', 'contracts', '--pacts', folderOf({ 'a.json': pact })]);
    expect((await verify(same)).exitCode).toBe(0);
    const failed = await verify(neighbour);
    expect([failed.exitCode, failed.report?.findings[0]?.received]).toEqual([
      1,
      expect.stringContaining('9007199254740993'),
    ]);
  });

  test('control characters of descriptions are escaped on the console, and kept in the report', async () => {
    const description = 'a read\n"two" \u001b[31mred';
    const run = await runCommand([
      'run',
      'contracts',
      '--pacts',
      folderOf({ 'a.json': pactText([readOf('4.0', { description, response: { status: 418 } })]) }),
    ]);
    expect(run.stdout).not.toContain('\u001b[31m');
    expect(run.report?.groups.map(({ name }) => name)).toContain(`team: ${description}`);
  });
});

describe('settings of the verification', () => {
  let provider: Provider;
  beforeAll(async () => {
    provider = await startTestProvider();
  });
  afterAll(() => provider.close());
  const own = { name: 'gateway 7 has a status' };
  const foreign = folderOf({ 'a.json': pactText([readOf('3.0.0', { states: [own] })], '3.0.0') });
  const verify = (pacts: string, ...args: string[]): Promise<CommandRun> =>
    runCommand(
      [
        'run',
        'contracts',
        '--target',
        provider.url,
        '--managed-client',
        'aClientId',
        '--pace',
        'none',
        '--pacts',
        pacts,
        ...args,
      ],
      { env: credentialsOf(provider, 'user') },
    );

  test.each([
    ['a name', '{"gateway 7 has a status":"the managed client has reported"}'],
    ['a pattern', '{"gateway {id} has a status":"the managed client has reported"}'],
    [
      'a pattern with parameters',
      '{"gateway {id} has {x}":{"state":"the managed client has reported","params":{"id":"{id}"}}}',
    ],
  ])('states are mapped by %s', async (_, states) => {
    expect((await verify(foreign, '--states', states)).exitCode).toBe(0);
  });

  test('a mapping to a state that does not exist is a usage error', async () => {
    const run = await verify(foreign, '--states', '{"a":"the managed client has reportet"}');
    expect([run.exitCode, run.stderr]).toEqual([
      2,
      expect.stringContaining('did you mean "the managed client has reported"?'),
    ]);
  });

  test.each([
    ['204', 204, ''],
    ['200 and a word', 200, 'OK'],
    ['200 and values', 200, '{"gateway":"7"}'],
  ])('a state endpoint of a team that answers %s', async (_, status, body) => {
    const bodies: string[] = [];
    const url = await serve((request, response) => {
      request.on('data', (data: Buffer) => bodies.push(data.toString()));
      request.on('end', () => response.writeHead(status).end(body));
    });
    expect((await verify(foreign, '--state-url', url)).exitCode).toBe(0);
    expect(bodies[0]).toContain('"state":"gateway 7 has a status"');
  });

  test('a base path, a header, a provider name and filters', async () => {
    const below = readOf('4.0', { request: { path: '/managed-clients/aClientId/status' } });
    const wrong = readOf('4.0', { description: 'wrong', response: { status: 418 } });
    const pact = pactText([below, wrong]).replace('"managed-clients"', '"statuses"');
    const folder = folderOf({ 'a.json': pact, 'b.json': pactText([wrong], '4.0', 'other') });
    const named = ['--provider-name', 'statuses', '--base-path', '/beta/', '--header', 'X-Team: one'];
    const run = await verify(folder, ...named, '--filter-consumer', 'team', '--filter-description', '^a ');
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    expect(run.report?.layers.at(-1)).toMatchObject({
      attempted: 1,
      evaluated: 1,
      skipped: [{ name: 'team: wrong' }],
    });
  });

  test('a token in --header is a usage error', async () => {
    const run = await verify(foreign, '--header', 'Authorization: Bearer x');
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('without Authorization')]);
  });

  test('a contract about authorization without known states is verified', async () => {
    const forbidden = reportOf('4.0', report, 403);
    const url = await serve((_, response) => response.writeHead(204).end());
    const folder = folderOf({ 'a.json': pactText([{ ...forbidden, providerStates: [own] }]) });
    const run = await verify(folder, '--state-url', url);
    // The user may report, so the contract fails; the API is not accused of anything else.
    expect(run.report?.findings.map(({ code }) => code)).toEqual(['contract.interaction.failed']);
  });
});
