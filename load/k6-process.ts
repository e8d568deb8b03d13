import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import type { LoadTask, TraceEnd, TraceLine } from './k6/trace.ts';

export interface K6Run {
  readonly binary: string;
  /** The script, with its TypeScript beside it. */
  readonly script: string;
  readonly task: LoadTask;
  /** The first of a run, whose first exchange is due at once. */
  readonly isFirst: boolean;
  /** Go to k6 in a file that only we can read, and nowhere else. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Takes every secret that is known out of a text: k6 knows those of its file alone. */
  readonly mask: (text: string) => string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** What a k6 process said at its end: nothing where it came to its end in good order. */
export type Problem = string | undefined;

/** Syntax that Sobek cannot parse makes k6 recurse for ever, without a word: a script that loads speaks up sooner. */
const SILENCE_LIMIT_MS = 20_000;

/** Runs one scenario and yields its exchanges as they come; returns what went wrong with k6 itself. */
export async function* runK6(run: K6Run): AsyncGenerator<TraceLine, Problem> {
  const folder = await mkdtemp(join(tmpdir(), 'mch-k6-'));
  try {
    const secrets = join(folder, 'secrets');
    const config = join(folder, 'config.json');
    const lines = Object.entries(run.secrets).map(([name, secret]) => `${name}=${secret}\n`);
    await writeFile(secrets, lines.join(''), { mode: 0o600 });
    await writeFile(config, '{}');
    return yield* traceOf(run, secrets, [
      'run',
      '--quiet',
      '--summary-mode=disabled',
      '--log-format=json',
      '-c',
      config,
      ...segmentFlags(run.task),
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
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

function start({ binary, script, task, env, signal }: K6Run, secrets: string, args: readonly string[]) {
  const child = spawn(binary, [...args, script], {
    env: { ...childEnvironment(env), K6_SECRET_SOURCE: `file=${secrets}`, MCH_LOAD: JSON.stringify(task) },
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

function childEnvironment(env: K6Run['env']): Record<string, string | undefined> {
  const kept = Object.entries(env).filter(([name]) => PLAIN.includes(name) || OUTPUTS.test(name));
  return { ...Object.fromEntries(kept), K6_NO_USAGE_REPORT: 'true', K6_AUTO_EXTENSION_RESOLUTION: 'false' };
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
  const watchdog = run.isFirst ? setTimeout(() => child.kill('SIGKILL'), SILENCE_LIMIT_MS) : undefined;
  try {
    for await (const text of createInterface({ input: child.stderr })) {
      clearTimeout(watchdog);
      const line = readLine(run.mask(text));
      if (line.kind === 'exchange') yield line.exchange;
      if (line.kind === 'end') ended = line.scenario === run.task.scenario;
      if (line.kind === 'exception') exception ??= line.message;
      if (line.kind === 'complaint') complaint ??= line.message;
    }
    return problemOf(await exit, ended, { exception, complaint });
  } finally {
    clearTimeout(watchdog);
    // It is still there where nobody reads on.
    if (child.exitCode === null) child.kill('SIGINT');
  }
}

type LogLine =
  | { readonly kind: 'exchange'; readonly exchange: TraceLine }
  | { readonly kind: 'end'; readonly scenario: string }
  | { readonly kind: 'exception' | 'complaint'; readonly message: string }
  | { readonly kind: 'other' };

/** A line of k6's JSON log: ours come by console, and an exception in an iteration only shows here. */
function readLine(text: string): LogLine {
  let log: { level?: string; source?: string; msg?: string };
  try {
    log = JSON.parse(text) as typeof log;
  } catch {
    return { kind: 'other' };
  }
  if (log.source === 'console' && log.msg !== undefined) {
    const own = JSON.parse(log.msg) as TraceLine | TraceEnd;
    return 'end' in own ? { kind: 'end', scenario: own.end } : { kind: 'exchange', exchange: own };
  }
  const message = (log.msg ?? '').split('\n')[0] ?? '';
  if (log.source === 'stacktrace') return { kind: 'exception', message };
  return log.level === 'error' || log.level === 'fatal' ? { kind: 'complaint', message } : { kind: 'other' };
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
  if (code === null) return 'k6 was stopped, for it did not get through the script';
  if (code !== 0)
    return [exits[code] ?? `k6 ended with exit code ${code}`, exception ?? complaint]
      .filter(Boolean)
      .join(': ');
  if (exception !== undefined) return `the script threw an exception: ${exception}`;
  return ended ? undefined : 'k6 ended without running the scenario';
}
