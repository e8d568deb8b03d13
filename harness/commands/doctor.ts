import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { headerValue, parseHttpDate, principalNames, type PrincipalName } from '../../core/index.ts';
import { Transport } from '../../core/client/index.ts';
import { findK6 } from '../../load/index.ts';
import { describeK6 } from '../reports/describe-k6.ts';
import { HarnessError } from '../errors.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { interruptSignal, type Io } from '../io.ts';
import { k6Options } from '../run/layers.ts';
import { preflight } from '../run/preflight.ts';
import { openSession, type Session } from '../run/session.ts';
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
      await examineK6(settings, io),
      await examineTool('Go', ['go', 'version'], settings),
      await examineTool('Python', ['python3', '--version'], settings),
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

async function examineK6(settings: RunSettings, { env }: Io): Promise<Examined> {
  try {
    return { what: 'k6', ...describeK6(await findK6(k6Options(settings, env))) };
  } catch (error) {
    return { what: 'k6', isFine: false, says: error instanceof Error ? error.message : String(error) };
  }
}

/** Python and Go only serve to regenerate pacts: without them, the committed ones are verified all the same. */
async function examineTool(
  what: string,
  [command, ...args]: readonly [string, ...string[]],
  { requireConsumers }: RunSettings,
): Promise<Examined> {
  try {
    const { stdout } = await promisify(execFile)(command, args);
    return { what, isFine: true, says: stdout.trim() };
  } catch {
    return {
      what,
      isFine: !requireConsumers,
      says: `not here; only needed to regenerate the pact of the ${what} SDK`,
    };
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
    ...absent.map((name) => `checks of ${name} will be skipped: ${missingVariable(name, settings)}`),
    ...(['write', 'load'] as const)
      .filter((permission) => !settings.allow.includes(permission))
      .map((permission) => `checks that ${permission} will be skipped: add --allow ${permission}`),
    ...(arrange === undefined
      ? [`answers 500, 429 and 403 to a GET cannot be arranged on ${settings.target.kind} targets`]
      : []),
  ];
}

function missingVariable(name: PrincipalName, { target }: RunSettings): string {
  const empty = target.kind === 'reference' ? undefined : target.emptyVariables[name];
  return empty === undefined ? `${credentialNames(name).id} is not set` : `${empty} is set but empty`;
}
