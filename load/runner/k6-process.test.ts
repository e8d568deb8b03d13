import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from '@jest/globals';

import { describeWith } from '../../harness/test-support/describe-with.ts';
import { k6ForTests } from '../../harness/test-support/tools.ts';
import { runK6, type Problem } from './k6-process.ts';
import type { LoadTask, TraceLine } from '../scripts/trace.ts';
import { plainTask } from './default-task.ts';

const k6 = await k6ForTests(process.env);
const folder = mkdtempSync(join(tmpdir(), 'mch-scripts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const task: LoadTask = {
  ...plainTask,
  scenario: 'smoke',
  baseUrl: 'http://127.0.0.1:1',
  client: 'aClientId',
  types: ['CCG'],
  limit: 20,
  windowMs: 2000,
  writes: false,
};

interface Ran {
  readonly lines: readonly TraceLine[];
  readonly problem: Problem;
}

/** Runs a script of k6, `scenario` being what it says it runs. */
async function ran(body: string, env: Record<string, string> = {}, patienceMs = 20_000): Promise<Ran> {
  const script = join(folder, 'script.ts');
  writeFileSync(script, body);
  const trace = runK6({
    binary: k6.binary,
    script,
    task,
    isFirst: true,
    patienceMs,
    secrets: { own: 'the-secret-of-the-test' },
    mask: (text) => text,
    env: { ...process.env, ...env },
    signal: new AbortController().signal,
  });
  const lines: TraceLine[] = [];
  for (;;) {
    const { done, value } = await trace.next();
    if (done === true) return { lines, problem: value };
    lines.push(value);
  }
}

const options = `export const options = { scenarios: { smoke: { executor: 'per-vu-iterations', vus: 1, iterations: 2 } } };\n`;
const end = `export function teardown() { console.log(JSON.stringify({ end: 'smoke' })); }\n`;

describeWith(k6, () => {
  test('a script that comes to its end has no problem', async () => {
    const body = `${options}${end}export default () => console.log(JSON.stringify({ phase: 'smoke' }));`;
    expect(await ran(body)).toEqual({ lines: [{ phase: 'smoke' }, { phase: 'smoke' }], problem: undefined });
  });

  test.each([
    [
      'syntax that makes k6 recurse for ever',
      'export default async () => { for await (const x of []) x; };',
      'k6 does not get through the script',
    ],
    [
      'an exception while it is read',
      'throw new Error("broken");',
      'the script threw an exception: Error: broken',
    ],
    [
      'an exception in an iteration, which k6 calls a success',
      `${options}${end}export default () => { throw new Error("broken"); };`,
      'the script threw an exception: Error: broken',
    ],
    [
      'no end of the scenario',
      `${options}export default () => undefined;`,
      'k6 did not come to the end of the scenario',
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
      'a threshold that is crossed',
      `${options.replace('} };', "}, thresholds: { iterations: ['count>9'] } };")}${end}export default () => undefined;`,
      'a threshold of k6 was crossed',
    ],
  ])('%s is a problem', async (name, body, problem) => {
    const patience = name.includes('for ever') ? 2000 : undefined;
    expect((await ran(body, {}, patience)).problem).toContain(problem);
  });

  test('variables that would replace the scenarios do not get through', async () => {
    const body = `${options}${end}export default () => console.log(JSON.stringify({ phase: 'smoke' }));`;
    const { lines, problem } = await ran(body, { K6_ITERATIONS: '7', K6_VUS: '7', K6_DURATION: '1s' });
    expect({ count: lines.length, problem }).toEqual({ count: 2, problem: undefined });
  });

  test('a secret that a script prints is no secret in what comes out', async () => {
    const body = `import secrets from 'k6/secrets';${options}${end}
    export default async () => console.log(JSON.stringify({ phase: await secrets.get('own') }));`;
    const { lines } = await ran(body);
    expect(JSON.stringify(lines)).not.toContain('the-secret');
  });
});
