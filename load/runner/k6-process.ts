import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import type { LoadTask, TraceLine } from '../scripts/trace.ts';
import { readLog } from './k6-log.ts';

export interface K6Run {
  readonly binary: string;
  /** The script: its sources, or all of them as one module. */
  readonly script: string;
  readonly task: LoadTask;
  /** The first of a run: whether k6 can read the script at all is asked once. */
  readonly isFirst: boolean;
  /** Milliseconds that reading it may take: normally 0.2 s. */
  readonly patienceMs?: number;
  /** Go to k6 in a file that only we can read, and nowhere else. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Takes every secret that is known out of a text: k6 knows those of its file alone. */
  readonly mask: (text: string) => string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** What a k6 process said at its end: nothing where it came to its end in good order. */
export type Problem = string | undefined;

/** Syntax that Sobek cannot parse makes k6 recurse for ever, without a word. */
const PATIENCE_MS = 20_000;

/** Runs one scenario and yields its exchanges as they come; returns what went wrong with k6 itself. */
export async function* runK6(run: K6Run): AsyncGenerator<TraceLine, Problem> {
  const folder = await mkdtemp(join(tmpdir(), 'mch-k6-'));
  try {
    const secrets = join(folder, 'secrets');
    const config = join(folder, 'config.json');
    const lines = Object.entries(run.secrets).map(([name, secret]) => `${name}=${secret}\n`);
    await writeFile(secrets, lines.join(''), { mode: 0o600 });
    await writeFile(config, '{}');
    const common = ['--log-format=json', '-c', config];
    const unreadable = run.isFirst ? await inspect(run, secrets, common) : undefined;
    if (unreadable !== undefined) return unreadable;
    const args = ['run', '--quiet', '--summary-mode=disabled', ...common, ...segmentFlags(run.task)];
    return yield* traceOf(run, secrets, args);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lets k6 read the script and say what it would run. @returns why it cannot, or would run something else */
async function inspect(run: K6Run, secrets: string, args: readonly string[]): Promise<Problem> {
  const { binary, script, task, signal, patienceMs = PATIENCE_MS } = run;
  const all = ['inspect', '--include-system-env-vars', ...args, script];
  const env = environmentOf(run, secrets);
  const options = { env, timeout: patienceMs, killSignal: 'SIGKILL', signal } as const;
  try {
    const { stdout } = await promisify(execFile)(binary, all, options);
    const { scenarios } = JSON.parse(stdout) as { scenarios: Record<string, unknown> | null };
    const names = Object.keys(scenarios ?? {});
    return names.join() === task.scenario ? undefined : `k6 would run ${names.join() || 'no scenario'}`;
  } catch (error) {
    signal.throwIfAborted();
    const {
      killed,
      code,
      stderr = '',
    } = error as {
      killed?: boolean;
      code?: number | string | null;
      stderr?: string;
    };
    if (error instanceof SyntaxError) return 'k6 does not say what it would run';
    if (killed === true) return 'k6 does not get through the script';
    const said = stderr.split('\n').map((text) => readLog(run.mask(text)));
    const message = said.flatMap((line) => ('message' in line ? [line.message] : []))[0];
    // Where there is no process, the code is the name of an error.
    const exit = typeof code === 'string' ? -1 : (code ?? null);
    return problemOf(exit, false, { exception: message, complaint: undefined });
  }
}

/** k6 itself shares out what arrives at a rate; the one user of a burst sees to it alone. */
function segmentFlags({ segment, scenario }: LoadTask): string[] {
  if (segment === undefined || scenario === 'over') return [];
  const { index, of } = segment;
  const ends = Array.from({ length: of - 1 }, (_, part) => `${part + 1}/${of}`);
  const sequence = ['0', ...ends, '1'];
  return [
    `--execution-segment=${sequence[index]}:${sequence[index + 1]}`,
    `--execution-segment-sequence=${sequence.join(',')}`,
  ];
}

type Child = ReturnType<typeof start>;

function start(run: K6Run, secrets: string, args: readonly string[]) {
  const { binary, script, signal } = run;
  const child = spawn(binary, [...args, script], {
    env: environmentOf(run, secrets),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (signal.aborted) child.kill('SIGINT');
  signal.addEventListener('abort', () => child.kill('SIGINT'), { once: true });
  return child;
}

/** Variables that choose outputs go on to k6; those that would replace our scenarios (K6_VUS, K6_ITERATIONS) do not. */
const OUTPUTS = /^K6_(OUT$|PROMETHEUS_|WEB_DASHBOARD|INFLUXDB_|OTEL_|CSV_)/;
const PLAIN = [
  'PATH',
  'HOME',
  'TMPDIR',
  'SYSTEMROOT',
  'SSL_CERT_FILE',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
];

function environmentOf({ env, task }: K6Run, secrets: string): Record<string, string | undefined> {
  const kept = Object.entries(env).filter(([name]) => PLAIN.includes(name) || OUTPUTS.test(name));
  return {
    ...Object.fromEntries(kept),
    K6_NO_USAGE_REPORT: 'true',
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
    K6_SECRET_SOURCE: `file=${secrets}`,
    MCH_LOAD: JSON.stringify(task),
  };
}

function exitOf(child: Child): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(-1)).once('close', (code) => resolve(code));
  });
}

async function* traceOf(
  run: K6Run,
  secrets: string,
  args: readonly string[],
): AsyncGenerator<TraceLine, Problem> {
  const child = start(run, secrets, args);
  const exit = exitOf(child);
  let ended = false;
  let exception: string | undefined;
  let complaint: string | undefined;
  try {
    for await (const text of createInterface({ input: child.stderr })) {
      const line = readLog(run.mask(text));
      if (line.kind === 'exchange') yield line.exchange;
      if (line.kind === 'end') ended = line.end.end === run.task.scenario;
      if (line.kind === 'exception') exception ??= line.message;
      if (line.kind === 'complaint') complaint ??= line.message;
    }
    return problemOf(await exit, ended, { exception, complaint });
  } finally {
    // It is still there where nobody reads on.
    if (child.exitCode === null) child.kill('SIGINT');
  }
}

const exits: Record<number, string> = {
  [-1]: 'k6 could not be started',
  99: 'a threshold of k6 was crossed',
  104: 'k6 did not take the options of the scenario',
  105: 'k6 was interrupted',
  107: 'the script threw an exception',
  108: 'the script aborted the test',
  255: 'k6 did not take a flag, or a file was missing',
};

interface Said {
  /** In an iteration: k6 ends with 0 all the same. */
  readonly exception: string | undefined;
  /** Whatever else it calls an error; an output that nobody listens to is one. */
  readonly complaint: string | undefined;
}

function problemOf(code: number | null, ended: boolean, { exception, complaint }: Said): Problem {
  if (code === null) return 'k6 was killed';
  if (code !== 0)
    return [exits[code] ?? `k6 ended with exit code ${code}`, exception ?? complaint]
      .filter(Boolean)
      .join(': ');
  if (exception !== undefined) return `the script threw an exception: ${exception}`;
  return ended ? undefined : 'k6 did not come to the end of the scenario';
}
