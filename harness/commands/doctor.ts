import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { headerValue, parseHttpDate, principalNames, type PrincipalName } from '../../core/index.ts';
import { Transport } from '../../core/client/index.ts';
import { findK6 } from '../../load/index.ts';
import { HarnessError } from '../errors.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { interruptSignal, type Io } from '../io.ts';
import { k6Options } from '../run/contexts/load.ts';
import { preflight } from '../run/preflight.ts';
import { openSession, type Session } from '../run/session.ts';
import { credentialNames } from '../settings/credentials.ts';
import type { RunSettings } from '../settings/run-settings.ts';
import { describeK6 } from './describe-k6.ts';

interface Diagnosis {
  readonly name: string;
  readonly isOk: boolean;
  readonly text: string;
}

/** `mch doctor`: reports the tools, the target and the checks that a run will skip. Exit 3 if a run is not possible. */
export async function diagnose(settings: RunSettings, io: Io): Promise<ExitCode> {
  // A diagnosis changes nothing, whatever a run may do.
  const session = await openSession({ ...settings, allow: ['read'] }, interruptSignal(io));
  try {
    const diagnoses = [
      { name: 'Node', isOk: true, text: process.versions.node },
      await diagnoseK6(settings, io),
      await diagnoseTool('Go', ['go', 'version'], settings, io),
      await diagnoseTool('Python', ['python3', '--version'], settings, io),
      ...(await diagnoseTarget(session)),
    ];
    for (const { name, isOk, text } of diagnoses)
      io.stdout.write(`${isOk ? '✓' : '✗'} ${name.padEnd(12)} ${text}\n`);
    for (const line of skippedChecks(session, settings)) io.stdout.write(`- ${line}\n`);
    return diagnoses.every(({ isOk }) => isOk) ? exitCodes.clean : exitCodes.incomplete;
  } finally {
    await session.close();
  }
}

async function diagnoseK6(settings: RunSettings, { env }: Io): Promise<Diagnosis> {
  try {
    const { isAvailable: isOk, description: text } = describeK6(await findK6(k6Options(settings, env)));
    return { name: 'k6', isOk, text };
  } catch (error) {
    return { name: 'k6', isOk: false, text: error instanceof Error ? error.message : String(error) };
  }
}

/** Python and Go are only needed to regenerate pacts. */
async function diagnoseTool(
  name: string,
  [command, ...args]: readonly [string, ...string[]],
  { requireConsumers }: RunSettings,
  { env }: Io,
): Promise<Diagnosis> {
  try {
    const { stdout } = await promisify(execFile)(command, args, { env });
    return { name, isOk: true, text: stdout.trim() };
  } catch {
    const text = `not installed; only needed to regenerate the pact of the ${name} SDK`;
    return { name, isOk: !requireConsumers, text };
  }
}

async function diagnoseTarget(session: Session): Promise<Diagnosis[]> {
  try {
    await preflight(session, () => undefined);
    return [
      { name: 'Target', isOk: true, text: `${session.baseUrl} responds` },
      await diagnoseClock(session),
    ];
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    return [{ name: 'Target', isOk: false, text: error.message }];
  }
}

/** The Date header has a resolution of a second. */
async function diagnoseClock({ baseUrl, signal }: Session): Promise<Diagnosis> {
  const transport = new Transport(new URL(baseUrl).origin, 1);
  const answer = await transport.send({ method: 'GET', path: '/', headers: [] }, signal);
  await transport.close();
  const date =
    answer.kind === 'response' ? parseHttpDate(headerValue(answer.headers, 'date') ?? '') : undefined;
  if (date === undefined) return { name: 'Clock', isOk: true, text: 'the target sends no Date header' };
  const skew = Math.round((date + 500 - Date.now()) / 1000);
  const text = `the target is ${Math.abs(skew)} s ${skew < 0 ? 'behind' : 'ahead'}`;
  return { name: 'Clock', isOk: true, text };
}

function skippedChecks({ tokens, setUpState }: Session, settings: RunSettings): string[] {
  const missing = principalNames.filter((name) => !tokens.has(name));
  const denied = (['write', 'load'] as const).filter((permission) => !settings.allow.includes(permission));
  return [
    ...missing.map((name) => `skipped: checks of ${name}, because ${missingVariable(name, settings)}`),
    ...denied.map((permission) => `skipped: checks that need --allow ${permission}`),
    ...(setUpState === undefined
      ? ['skipped: responses 500, 429 and 403 to a GET, which need --state-url']
      : []),
  ];
}

function missingVariable(name: PrincipalName, { target }: RunSettings): string {
  const empty = target.kind === 'reference' ? undefined : target.emptyVariables[name];
  return empty === undefined ? `${credentialNames(name).id} is not set` : `${empty} is set but empty`;
}
