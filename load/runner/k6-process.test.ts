import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from '@jest/globals';

import { describeWith } from '../../test-support/describe-with.ts';
import { serve } from '../../test-support/serve.ts';
import { k6ForTests } from '../../test-support/tools.ts';
import type { LoadTask } from '../scripts/load-task.ts';
import type { LoadExchange } from '../scripts/trace.ts';
import { runK6, type K6Problem } from './k6-process.ts';
import { taskDefaults } from './task-defaults.ts';

const k6 = await k6ForTests(process.env);
const folder = mkdtempSync(join(tmpdir(), 'mch-scripts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const task: LoadTask = {
  ...taskDefaults,
  scenario: 'smoke',
  baseUrl: 'http://127.0.0.1:1',
  managedClient: 'aClientId',
  types: ['CCG'],
  limit: 20,
  windowMs: 2000,
  canWrite: false,
};

interface ScriptOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly inspectTimeoutMs?: number;
}

interface ScriptRun {
  readonly exchanges: readonly LoadExchange[];
  readonly problem: K6Problem;
}

/** Runs a script in k6 as the scenario `smoke`. */
async function runScript(body: string, options: ScriptOptions = {}): Promise<ScriptRun> {
  const { env = {}, inspectTimeoutMs = 20_000 } = options;
  const script = join(folder, 'script.ts');
  writeFileSync(script, body);
  const exchanges: LoadExchange[] = [];
  const run = {
    binary: k6.binary,
    script,
    task,
    isFirst: true,
    inspectTimeoutMs,
    secrets: { own: 'the-secret-of-the-test' },
    mask: (text: string) => text,
    env: { ...process.env, ...env },
    signal: new AbortController().signal,
  };
  const problem = await runK6(run, (exchange) => exchanges.push(exchange));
  return { exchanges, problem };
}

const options = `export const options = { scenarios: { smoke: { executor: 'per-vu-iterations', vus: 1, iterations: 2 } } };\n`;
const end = `export function teardown() { console.log(JSON.stringify({ end: 'smoke' })); }\n`;
const complete = `${options}${end}export default () => console.log(JSON.stringify({ step: 'smoke' }));`;

describeWith(k6, () => {
  test('a complete script has no problem', async () => {
    const { exchanges, problem } = await runScript(complete);
    expect(problem).toBeUndefined();
    expect(exchanges).toEqual([{ step: 'smoke' }, { step: 'smoke' }]);
  });

  test.each([
    [
      'an exception while the script is parsed',
      'throw new Error("broken");',
      'the script threw an exception: Error: broken',
    ],
    [
      'an exception in an iteration, for which k6 exits with 0',
      `${options}${end}export default () => { throw new Error("broken"); };`,
      'the script threw an exception: Error: broken',
    ],
    [
      'a missing end of the scenario',
      `${options}export default () => undefined;`,
      'k6 did not reach the end of the scenario',
    ],
    [
      'another scenario',
      `${options.replace('smoke', 'other')}${end}export default () => undefined;`,
      'k6 would run other',
    ],
    [
      'a test that aborts itself',
      `import exec from 'k6/execution';${options}${end}export default () => exec.test.abort();`,
      'the script aborted the test',
    ],
    [
      'a crossed threshold',
      `${options.replace('} };', "}, thresholds: { iterations: ['count>9'] } };")}${end}export default () => undefined;`,
      'a threshold of k6 was crossed',
    ],
  ])('%s is a problem', async (_, body, problem) => {
    expect((await runScript(body)).problem).toContain(problem);
  });

  test('syntax on which the parser of k6 recurses endlessly is a problem', async () => {
    const body = 'export default async () => { for await (const x of []) x; };';
    const { problem } = await runScript(body, { inspectTimeoutMs: 2000 });
    expect(problem).toBe('k6 does not finish parsing the script');
  });

  test('variables that would replace the scenarios are not passed', async () => {
    const env = { K6_ITERATIONS: '7', K6_VUS: '7', K6_DURATION: '1s' };
    const { exchanges, problem } = await runScript(complete, { env });
    expect({ count: exchanges.length, problem }).toEqual({ count: 2, problem: undefined });
  });

  test('a secret that a script prints is masked', async () => {
    const body = `import secrets from 'k6/secrets';${options}${end}
    export default async () => console.log(JSON.stringify({ step: await secrets.get('own') }));`;
    const { exchanges } = await runScript(body);
    expect(JSON.stringify(exchanges)).not.toContain('the-secret');
  });

  test('a response without end ends k6', async () => {
    const chunk = 'x'.repeat(2 ** 20);
    const url = await serve((_, response) => {
      const write = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', write);
      write();
    });
    const body = `import http from 'k6/http';${options}${end}export default () => http.get('${url}');`;
    const { problem } = await runScript(body);
    expect(problem).toContain('more than 450 MB of memory');
  });
});
