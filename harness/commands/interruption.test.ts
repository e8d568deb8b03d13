import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from '@jest/globals';

import { describeWith } from '../../test-support/describe-with.ts';
import { runCommand, spawnCommand, spawnCommandInTerminal } from '../../test-support/run-command.ts';
import { k6ForTests, pythonForTests } from '../../test-support/tools.ts';
import type { Report } from '../reports/report.ts';
import type { LayerName } from '../run/layer-names.ts';

const k6 = await k6ForTests(process.env);
const python = await pythonForTests();

const folder = mkdtempSync(join(tmpdir(), 'mch-test-interruption-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Interrupt = (child: ChildProcess) => unknown;

const interrupts: Record<string, Interrupt> = {
  INT: (child) => child.kill('SIGINT'),
  TERM: (child) => child.kill('SIGTERM'),
  HUP: (child) => child.kill('SIGHUP'),
  'INT twice': (child) => child.kill('SIGINT') && setTimeout(() => child.kill('SIGINT'), 20),
};

/** The terminal sends SIGINT to all processes of the run. */
const CTRL_C = '\u0003';
const pressCtrlC: Interrupt = (child) => child.stdin?.write(CTRL_C);

/** The line before the first layer starts. */
const PREFLIGHT_ENDED = 'preflight: 9 of 9';

interface InterruptedRun {
  /** Null if it was killed, or did not release its reports folder. */
  readonly exitCode: number | null;
  readonly output: string;
  readonly report: Report | undefined;
}

let count = 0;

/** Interrupts a run one second after a layer has started. */
async function interruptRun(
  layer: LayerName,
  interrupt: Interrupt,
  spawn: typeof spawnCommand = spawnCommand,
): Promise<InterruptedRun> {
  const reports = join(folder, `${count++}`);
  const child = spawn(['run', layer, '--quota', '20/2s', '--fault', 'slow-but-fine', '--reports', reports]);
  let output = '';
  let isInterrupted = false;
  const read = (chunk: Buffer): void => {
    output += chunk.toString();
    if (isInterrupted || !output.includes(PREFLIGHT_ENDED)) return;
    isInterrupted = true;
    setTimeout(() => interrupt(child), 1000);
  };
  child.stdout?.on('data', read);
  child.stderr?.on('data', read);
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const file = join(reports, 'report.json');
  const report = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : undefined;
  const isLocked = existsSync(join(reports, '.mch-lock'));
  return { exitCode: isLocked ? null : exitCode, output, report };
}

/** Temporary folders of processes that have ended. */
function staleFolders(): string[] {
  const names = readdirSync(tmpdir()).filter((name) => /^mch-\d+-/.test(name));
  return names.filter((name) => !existsSync(`/proc/${name.split('-')[1]}`));
}

/** The exit codes of the command and of the report, the explanation, and whether anything was evaluated. */
function resultOf(layer: LayerName, { exitCode, output, report }: InterruptedRun): unknown[] {
  const own = report?.layers.find(({ name }) => name === layer);
  const hasTrace = /\n\s+at /.test(output);
  const evaluated = own?.evaluated ?? 0;
  return [exitCode, report?.exitCode, own?.stopped, evaluated > 0, hasTrace, staleFolders()];
}

const interrupted = [3, 3, expect.stringContaining('Interrupted'), true, false, []];

describe('an interrupted run reports what was evaluated', () => {
  test.each(Object.entries(interrupts))('property, %s', async (_, interrupt) => {
    expect(resultOf('property', await interruptRun('property', interrupt))).toEqual(interrupted);
  });

  test('contracts, INT', async () => {
    const run = await interruptRun('contracts', (child) => child.kill('SIGINT'));
    expect(resultOf('contracts', run)).toEqual(interrupted);
  });

  describeWith(k6, () => {
    test.each(['INT', 'HUP'])('load, %s', async (name) => {
      const run = await interruptRun('load', interrupts[name] ?? pressCtrlC);
      expect(resultOf('load', run)).toEqual(interrupted);
    });
  });

  describeWith(python, () => {
    test.each<LayerName>(['contracts', 'property'])('%s, Ctrl-C in a terminal', async (layer) => {
      const run = await interruptRun(layer, pressCtrlC, spawnCommandInTerminal);
      expect(resultOf(layer, run)).toEqual(interrupted);
    });

    describeWith(k6, () => {
      test('load, Ctrl-C in a terminal', async () => {
        const run = await interruptRun('load', pressCtrlC, spawnCommandInTerminal);
        expect(resultOf('load', run)).toEqual(interrupted);
      });
    });
  });
});

test('the next run removes what a killed run left', async () => {
  const { exitCode } = await interruptRun('contracts', (child) => child.kill('SIGKILL'));
  expect(exitCode).toBeNull();
  const run = await runCommand(['run', 'property', '--dry-run']);
  expect([run.exitCode, staleFolders()]).toEqual([0, []]);
});

describe('a reports folder', () => {
  const locked = (pid: number, host: string): string => {
    const reports = mkdtempSync(join(folder, 'locked-'));
    writeFileSync(join(reports, '.mch-lock'), `${pid} ${host}`);
    return reports;
  };
  const dryRun = (reports: string): ReturnType<typeof runCommand> =>
    runCommand(['run', 'property', '--dry-run', '--reports', reports]);

  test('that another run uses is refused', async () => {
    const { exitCode, stderr } = await dryRun(locked(process.pid, hostname()));
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`process ${process.pid}`)]);
  });

  test.each([
    ['a run that has ended', 2 ** 22 + 1, hostname()],
    ['another machine', process.pid, 'another'],
  ])('that was used by %s is used again', async (_, pid, host) => {
    expect((await dryRun(locked(pid, host))).exitCode).toBe(0);
  });
});
