import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from '@jest/globals';

import { isKnown, readBaseline } from './baseline.ts';
import { runCommand } from '../../test-support/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'mch-baseline-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const broken = ['run', 'property', '--fault', 'post-without-timestamp', '--seed', '1'];

describe('known findings', () => {
  test('do not change the exit code until they expire, and are listed', async () => {
    const first = await runCommand(broken);
    const ids = first.report?.findings.map(({ id }) => id) ?? [];
    expect([first.exitCode, ids.length]).toEqual([1, 1]);
    const [id = ''] = ids;

    const known = file('known.json', { [id]: { issue: 'X-1', expires: '2999-12-31' } });
    const second = await runCommand([...broken, '--baseline', known]);
    expect([second.exitCode, second.report?.findings[0]?.known]).toEqual([0, true]);
    expect(second.stdout).toContain(`known ${id}`);
    expect(second.stdout).toContain('keeps its contract, except for 1 known.');

    const expired = file('expired.json', { [id]: { expires: '2020-01-01' } });
    const third = await runCommand([...broken, '--baseline', expired]);
    expect(third.exitCode).toBe(1);
    expect(third.stdout).toContain(`The baseline entry of ${id} expired on 2020-01-01.`);
  });

  test('are valid on their last day', () => {
    const baseline = new Map([['a', { expires: '2026-11-21' }]]);
    const on = (date: string): boolean => isKnown('a', baseline, new Date(date));
    expect([on('2026-11-21T23:59:59Z'), on('2026-11-22T00:00:00Z')]).toEqual([true, false]);
    expect(isKnown('b', baseline, new Date(0))).toBe(false);
  });
});

test.each([
  ['missing', join(folder, 'nowhere.json'), 'ENOENT'],
  ['not JSON', file('text.json', 'hello'), 'it is not JSON'],
  ['a list', file('list.json', []), 'not a JSON object'],
  [
    'with an invalid date',
    file('date.json', { a: { expires: 'soon' } }),
    'a has a date that is not written as',
  ],
])('a baseline that is %s is a usage error', async (_, path, sentence) => {
  const run = await runCommand([...broken, '--baseline', path]);
  expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining(sentence)]);
});

test('the default baseline need not exist', () => {
  expect(readBaseline(undefined)).toEqual(new Map());
});
