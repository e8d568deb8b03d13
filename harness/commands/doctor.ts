import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { headerValue, parseHttpDate, principalNames } from '../../contracts/index.ts';
import { Transport } from '../../contracts/target/index.ts';
import { K6MissingError, resolveK6 } from '../../load/index.ts';
import { HarnessError } from '../errors.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { interruptSignal, type Io } from '../io.ts';
import { packagePaths } from '../package-paths.ts';
import { preflight } from '../preflight.ts';
import { openSession, type Session } from '../session.ts';
import type { RunSettings } from '../settings/run-settings.ts';
import { credentialNames } from '../settings/credentials.ts';

interface Examined {
  readonly what: string;
  readonly isFine: boolean;
  readonly says: string;
}

/** `mch doctor`: what this machine has, what the target answers, and what a run would skip. Exit 3 where a run could not go. */
export async function examine(settings: RunSettings, io: Io): Promise<ExitCode> {
  // A look must not change anything: whatever a run may do, doctor only reads.
  const session = await openSession({ ...settings, allow: ['read'] }, interruptSignal(io));
  try {
    const found = [
      { what: 'Node', isFine: true, says: process.versions.node },
      await examineK6(io),
      await examineTool(
        'Go',
        'go',
        ['version'],
        'needed to build k6, and to make the pact of the Go SDK anew',
      ),
      await examineTool('Python', 'python3', ['--version'], 'needed to make the pact of the Python SDK anew'),
      ...(await examineTarget(session)),
    ];
    for (const { what, isFine, says } of found)
      io.stdout.write(`${isFine ? '✓' : '✗'} ${what.padEnd(12)} ${says}\n`);
    for (const line of skipped(session, settings)) io.stdout.write(`- ${line}\n`);
    return found.every(({ isFine }) => isFine) ? exitCodes.clean : exitCodes.incomplete;
  } finally {
    await session.close();
  }
}

async function examineK6({ env }: Io): Promise<Examined> {
  let isBuilt = true;
  try {
    const onBuild = (): never => {
      isBuilt = false;
      throw new K6MissingError('not built yet: the first run with the load layer builds it');
    };
    const binary = await resolveK6({ env, module: packagePaths.k6Module, onBuild });
    return { what: 'k6', isFine: true, says: binary };
  } catch (error) {
    return { what: 'k6', isFine: !isBuilt, says: error instanceof Error ? error.message : String(error) };
  }
}

async function examineTool(
  what: string,
  command: string,
  args: readonly string[],
  without: string,
): Promise<Examined> {
  try {
    const { stdout } = await promisify(execFile)(command, [...args]);
    return { what, isFine: true, says: stdout.trim() };
  } catch {
    return { what, isFine: true, says: `not here; ${without}` };
  }
}

async function examineTarget(session: Session): Promise<Examined[]> {
  const { baseUrl } = session;
  try {
    for await (const outcome of preflight(session)) void outcome;
    return [{ what: 'Target', isFine: true, says: `${baseUrl} answers` }, await examineClock(session)];
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    return [{ what: 'Target', isFine: false, says: error.message }];
  }
}

/** A date header is cut to seconds: only more than that is skew. */
async function examineClock({ baseUrl, signal }: Session): Promise<Examined> {
  const transport = new Transport(new URL(baseUrl).origin, 1);
  const answer = await transport.send({ method: 'GET', path: '/', headers: [] }, signal);
  await transport.close();
  const date =
    answer.kind === 'response' ? parseHttpDate(headerValue(answer.headers, 'date') ?? '') : undefined;
  if (date === undefined) return { what: 'Clock', isFine: true, says: 'the target sends no Date' };
  const skew = Math.round((date + 500 - Date.now()) / 1000);
  return {
    what: 'Clock',
    isFine: true,
    says: `the target is ${Math.abs(skew)} s ${skew < 0 ? 'behind' : 'ahead'}`,
  };
}

function skipped({ tokens, arrange }: Session, settings: RunSettings): string[] {
  const absent = principalNames.filter((name) => !tokens.has(name));
  return [
    ...absent.map((name) => `checks of ${name} will be skipped: ${credentialNames(name).id} is not set`),
    ...(['write', 'load'] as const)
      .filter((permission) => !settings.allow.includes(permission))
      .map((permission) => `checks that ${permission} will be skipped: add --allow ${permission}`),
    ...(arrange === undefined
      ? [`answers 500, 429 and 403 to a GET cannot be arranged on ${settings.target.kind} targets`]
      : []),
  ];
}
