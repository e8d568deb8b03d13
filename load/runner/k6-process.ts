import { execFile, spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { getCACertificates } from 'node:tls';
import { promisify } from 'node:util';

import { withTemporaryFolder } from '../../core/node/index.ts';
import type { LoadTask } from '../scripts/load-task.ts';
import type { LoadExchange } from '../scripts/trace.ts';
import { INSPECT_TIMEOUT_MS } from '../timing.ts';
import { parseLogLine } from './k6-log.ts';
import { MAX_MEMORY_MB, needsTooMuchMemory } from './k6-memory.ts';

export interface K6Run {
  readonly binary: string;
  readonly script: string;
  readonly task: LoadTask;
  /** Whether to verify first that k6 can parse the script. Once per run is enough. */
  readonly isFirst: boolean;
  readonly inspectTimeoutMs?: number;
  /** Passed to k6 in a file that only this user can read. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Masks all known secrets. k6 masks only those in its file. */
  readonly mask: (text: string) => string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** The problem of a k6 process as a clause; undefined if it completed the scenario. */
export type K6Problem = string | undefined;

/**
 * Runs one scenario.
 * @param onExchange receives each exchange when k6 has written it
 */
export function runK6(run: K6Run, onExchange: (exchange: LoadExchange) => void): Promise<K6Problem> {
  return withTemporaryFolder(async (folder) => {
    const files = await writeFiles(run, folder);
    const common = ['--log-format=json', '-c', files.config];
    const unreadable = run.isFirst ? await inspect(run, files, common) : undefined;
    if (unreadable !== undefined) return unreadable;
    const args = ['run', '--quiet', '--summary-mode=disabled', ...common, ...segmentFlags(run.task)];
    const child = start(run, files, args);
    try {
      return await readTrace(run, child, onExchange);
    } finally {
      child.kill('SIGINT');
    }
  });
}

/** The files that k6 reads. */
interface K6Files {
  readonly secrets: string;
  readonly config: string;
  /** Undefined leaves the certificates of the system. */
  readonly certificates: string | undefined;
}

async function writeFiles({ secrets, env, task }: K6Run, folder: string): Promise<K6Files> {
  const files = { secrets: join(folder, 'secrets'), config: join(folder, 'config.json') };
  const lines = Object.entries(secrets).map(([name, secret]) => `${name}=${secret}\n`);
  await writeFile(files.secrets, lines.join(''), { mode: 0o600 });
  await writeFile(files.config, '{}');
  const isTls = new URL(task.baseUrl).protocol === 'https:';
  if (!env['NODE_EXTRA_CA_CERTS'] || !isTls) return { ...files, certificates: undefined };
  // Go does not know the variable of Node. The target must have the same certificates in all layers.
  const certificates = join(folder, 'certificates.pem');
  const known = await readFile(env['SSL_CERT_FILE'] || '/dev/null', 'utf8').catch(() => '');
  await writeFile(certificates, [...getCACertificates('default'), known].join('\n'));
  return { ...files, certificates };
}

/** Lets k6 parse the script and list its scenarios. @returns why it cannot, or what else it would run */
async function inspect(run: K6Run, files: K6Files, args: readonly string[]): Promise<K6Problem> {
  const { binary, script, task, signal, inspectTimeoutMs = INSPECT_TIMEOUT_MS } = run;
  const all = ['inspect', '--include-system-env-vars', ...args, script];
  const env = environmentOf(run, files);
  const options = { env, timeout: inspectTimeoutMs, killSignal: 'SIGKILL', signal } as const;
  try {
    const { stdout } = await promisify(execFile)(binary, all, options);
    const { scenarios } = JSON.parse(stdout) as { scenarios: Record<string, unknown> | null };
    const names = Object.keys(scenarios ?? {});
    return names.join() === task.scenario ? undefined : `k6 would run ${names.join() || 'no scenario'}`;
  } catch (error) {
    signal.throwIfAborted();
    const failed = error as { killed?: boolean; code?: number | string | null; stderr?: string };
    if (error instanceof SyntaxError) return 'k6 does not list the scenarios of the script';
    if (failed.killed === true) return 'k6 does not finish parsing the script';
    const lines = (failed.stderr ?? '').split('\n').map((text) => parseLogLine(run.mask(text)));
    const [exception] = lines.flatMap((line) => ('message' in line ? [line.message] : []));
    // If there is no process, the code is the name of an error.
    const exitCode = typeof failed.code === 'string' ? -1 : (failed.code ?? null);
    return problemOf(exitCode, { hasEnded: false, exception, error: undefined });
  }
}

/** k6 distributes arrival rates over processes. The user of a burst does that itself. */
function segmentFlags({ segment, scenario }: LoadTask): string[] {
  if (segment === undefined || scenario === 'exceed-quota') return [];
  const { index, count } = segment;
  const ends = Array.from({ length: count - 1 }, (_, part) => `${part + 1}/${count}`);
  const sequence = ['0', ...ends, '1'];
  return [
    `--execution-segment=${sequence[index]}:${sequence[index + 1]}`,
    `--execution-segment-sequence=${sequence.join(',')}`,
  ];
}

type Child = ReturnType<typeof start>;

function start(run: K6Run, files: K6Files, args: readonly string[]) {
  const { binary, script, signal } = run;
  const child = spawn(binary, [...args, script], {
    env: environmentOf(run, files),
    stdio: ['ignore', 'ignore', 'pipe'],
    // Ctrl-C in a terminal signals the whole process group. The harness ends k6 itself, after its last lines.
    detached: true,
  });
  if (signal.aborted) child.kill('SIGINT');
  signal.addEventListener('abort', () => child.kill('SIGINT'), { once: true });
  return child;
}

/** Variables that select outputs. Others, such as K6_VUS, would replace the scenarios. */
const OUTPUT_VARIABLES = /^K6_(OUT$|PROMETHEUS_|WEB_DASHBOARD|INFLUXDB_|OTEL_|CSV_)/;
const SYSTEM_VARIABLES = /^(PATH|HOME|TMPDIR|SYSTEMROOT|SSL_CERT_FILE|SSL_CERT_DIR|https?_proxy|no_proxy)$/i;

/** The memory that Go tries to stay below. A script with many users needs 150 MB. */
const MEMORY_GOAL = '300MiB';

function environmentOf(
  { env, task }: K6Run,
  { secrets, certificates }: K6Files,
): Record<string, string | undefined> {
  const kept = Object.entries(env).filter(
    ([name]) => SYSTEM_VARIABLES.test(name) || OUTPUT_VARIABLES.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    ...(certificates !== undefined && { SSL_CERT_FILE: certificates }),
    GOMEMLIMIT: MEMORY_GOAL,
    K6_NO_USAGE_REPORT: 'true',
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
    K6_SECRET_SOURCE: `file=${secrets}`,
    MCH_LOAD: JSON.stringify(task),
  };
}

function exitCodeOf(child: Child): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(-1)).once('close', (code) => resolve(code));
  });
}

async function readTrace(
  run: K6Run,
  child: Child,
  onExchange: (exchange: LoadExchange) => void,
): Promise<K6Problem> {
  const exitCode = exitCodeOf(child);
  const ended = new AbortController();
  const isTooLarge = needsTooMuchMemory(child.pid ?? 0, ended.signal);
  void isTooLarge.then((isLarge) => isLarge && child.kill('SIGKILL'));
  const log: K6LogSummary = { hasEnded: false, exception: undefined, error: undefined };
  for await (const text of createInterface({ input: child.stderr })) {
    const line = parseLogLine(run.mask(text));
    if (line.kind === 'exchange') onExchange(line.exchange);
    if (line.kind === 'end') log.hasEnded = line.end.end === run.task.scenario;
    if (line.kind === 'exception') log.exception ??= line.message;
    if (line.kind === 'error') log.error ??= line.message;
  }
  const code = await exitCode;
  ended.abort();
  return (await isTooLarge)
    ? `k6 needed more than ${MAX_MEMORY_MB} MB of memory, so it was ended: a response may be too large`
    : problemOf(code, log);
}

const exitCodes: Record<number, string> = {
  [-1]: 'k6 could not be started',
  99: 'a threshold of k6 was crossed',
  104: 'k6 rejected the options of the scenario',
  105: 'k6 was interrupted',
  107: 'the script threw an exception',
  108: 'the script aborted the test',
  255: 'k6 rejected a flag, or a file was missing',
};

interface K6LogSummary {
  hasEnded: boolean;
  /** The exception of an iteration. k6 exits with 0 nevertheless. */
  exception: string | undefined;
  /** Any other error, such as an output without a receiver. */
  error: string | undefined;
}

function problemOf(code: number | null, { hasEnded, exception, error }: K6LogSummary): K6Problem {
  if (code === null) return 'k6 was killed';
  if (code !== 0) {
    const meaning = exitCodes[code] ?? `k6 ended with exit code ${code}`;
    return [meaning, exception ?? error].filter(Boolean).join(': ');
  }
  if (exception !== undefined) return `the script threw an exception: ${exception}`;
  return hasEnded ? undefined : 'k6 did not reach the end of the scenario';
}
