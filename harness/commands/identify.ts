import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Quota } from '../../contracts/index.ts';
import {
  identify,
  identifyLimiter,
  planIdentify,
  resolveK6,
  type Cycle,
  type Identified,
} from '../../load/index.ts';
import { Collector } from '../collector.ts';
import { askConsent } from '../consent.ts';
import { describeLimiter } from '../describe-limiter.ts';
import { usage } from '../errors.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { interruptSignal, type Io } from '../io.ts';
import { explain, loadOptions } from '../layers.ts';
import { packagePaths } from '../package-paths.ts';
import { describePlan, type Plan } from '../plan.ts';
import { preflight } from '../preflight.ts';
import { checkReportsFolder } from '../reports/index.ts';
import { openSession, type Session } from '../session.ts';
import type { RunSettings } from '../settings/run-settings.ts';

/** Everything that was sent and what came of it: enough to judge it again. Times are seconds since the epoch. */
export interface LimiterTrace {
  readonly schemaVersion: 1;
  readonly target: string;
  readonly startedAt: string;
  readonly quota: Quota;
  readonly cycles: readonly Cycle[];
}

export const TRACE_FILE = 'trace.json';
const MODEL_FILE = 'limiter.json';

/** Between cycles of another machine's limiter: it may block for a minute who violates three intervals in two. */
const REMOTE_REST_MS = 130_000;

/** `mch identify`: what limiter a target has, black-box. Exit 0 where that is known, 3 where it is not. */
export async function identifyTarget(settings: RunSettings, io: Io): Promise<ExitCode> {
  await checkReportsFolder(settings.reports);
  const session = await openSession(settings, interruptSignal(io));
  try {
    const plan = planOf(session);
    if (settings.dryRun) {
      io.stdout.write(describePlan(plan, session));
      return exitCodes.clean;
    }
    await askConsent(session, io, plan);
    for await (const outcome of preflight(session)) void outcome;
    io.stdout.write(
      `${plan.map(({ cost }) => `At most ${cost.requests} requests`).join('')}, about a minute …\n\n`,
    );
    const startedAt = new Date();
    const found = await collected(session, io);
    const trace: LimiterTrace = {
      schemaVersion: 1,
      target: session.baseUrl,
      startedAt: startedAt.toISOString(),
      quota: settings.quota,
      cycles: found.cycles,
    };
    await writeFile(join(settings.reports, TRACE_FILE), `${JSON.stringify(trace)}\n`);
    return await tell(found, settings, io);
  } finally {
    await session.close();
  }
}

/** Judges a trace that was written before; nothing is sent. */
export async function identifyTrace(file: string, settings: RunSettings, io: Io): Promise<ExitCode> {
  await checkReportsFolder(settings.reports);
  const { cycles, quota } = readTrace(file);
  const isLimited = cycles.flat().some(({ ok }) => !ok);
  if (!isLimited)
    return tell({ cycles, identification: undefined, ended: 'unlimited' }, { ...settings, quota }, io);
  const identification = identify(cycles);
  const ended = identification.certainty === 'inconclusive' ? 'all tried' : 'certain';
  return tell({ cycles, identification, ended }, { ...settings, quota }, io);
}

async function tell(found: Identified, { reports, quota }: RunSettings, io: Io): Promise<ExitCode> {
  const { identification, ended } = found;
  await writeFile(
    join(reports, MODEL_FILE),
    `${JSON.stringify({ schemaVersion: 1, ended, quota, identification }, null, 2)}\n`,
  );
  io.stdout.write(
    `${describeLimiter(found, quota)}Trace and model in ${reports}/${TRACE_FILE} and ${MODEL_FILE}\n`,
  );
  return ended === 'certain' || ended === 'unlimited' ? exitCodes.clean : exitCodes.incomplete;
}

function planOf({ settings }: Session): Plan {
  const { requests, violations, durationMs } = planIdentify(settings.quota);
  return [{ layer: 'load', cost: { requests, writes: 0, violations, durationMs } }];
}

/** Runs the cycles. What the judge says of single answers is the business of `mch run load`. */
async function collected(session: Session, io: Io): Promise<Identified> {
  const collector = new Collector();
  try {
    const onBuild = (): void =>
      void io.stderr.write('building k6, which takes a minute or two and happens once\n');
    const binary = await resolveK6({ env: io.env, module: packagePaths.k6Module, onBuild });
    const restBetweenMs = session.settings.target.kind === 'remote' ? REMOTE_REST_MS : 0;
    const outcomes = identifyLimiter({ ...loadOptions(session, io.env, binary), restBetweenMs });
    for (;;) {
      const { done, value } = await outcomes.next();
      if (done === true) return value;
      collector.add(value);
    }
  } catch (error) {
    throw explain(error) ?? error;
  }
}

/** @throws {HarnessError} of kind usage */
function readTrace(file: string): LimiterTrace {
  let trace: Partial<LimiterTrace>;
  try {
    trace = Object(JSON.parse(readFileSync(file, 'utf8'))) as Partial<LimiterTrace>;
  } catch (error) {
    const { code = 'it is not JSON' } = error as NodeJS.ErrnoException;
    throw usage('trace.unusable', { file, problem: code });
  }
  if (trace.schemaVersion !== 1 || !Array.isArray(trace.cycles) || trace.quota === undefined)
    throw usage('trace.unusable', { file, problem: 'it is no trace of identify' });
  return trace as LimiterTrace;
}
