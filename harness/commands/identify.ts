import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Quota } from '../../core/index.ts';
import { removeStaleFolders } from '../../core/node/index.ts';
import {
  concludeFrom,
  estimateIdentify,
  findK6,
  identifyLimiter,
  resolveK6,
  type Conclusion,
  type LimiterTrace,
  MAX_IDENTIFIED_QUOTA,
} from '../../load/index.ts';
import { usage, type HarnessError } from '../errors.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { interruptSignal, type Io } from '../io.ts';
import { withReportsFolder } from '../run/reports-folder.ts';
import { askConsent } from '../run/consent.ts';
import { k6Options, loadContext } from '../run/contexts/load.ts';
import { describeCosts, describePlan, readsPlan, type Plan } from '../run/plan.ts';
import { preflightReads, unknownTypes } from '../run/preflight.ts';
import { progressOn } from '../run/progress.ts';
import { explainRunError } from '../run/run-layers.ts';
import { openSession, type Session } from '../run/session.ts';
import { readVersionedJson } from '../settings/json-object.ts';
import type { RunSettings } from '../settings/run-settings.ts';
import { nameOfTarget } from '../settings/target-name.ts';
import { describeK6 } from './describe-k6.ts';
import { describeLimiter } from './describe-limiter.ts';

/** The version of both files. */
const SCHEMA_VERSION = 2;

/** The trace file. Times are milliseconds since the epoch. */
interface TraceFile extends LimiterTrace {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly target: string;
  readonly startedAt: string;
  readonly quota: Quota;
}

const TRACE_FILE = 'trace.json';
const MODEL_FILE = 'limiter.json';

/** `mch identify`: identifies the rate limiter of a target. Writes nothing to it. Exit 3 if it is not identified. */
export async function identifyTarget(settings: RunSettings, io: Io): Promise<ExitCode> {
  const { quota, reports } = settings;
  if (quota.limit > MAX_IDENTIFIED_QUOTA) {
    throw usage('identify.quota', { limit: quota.limit, max: MAX_IDENTIFIED_QUOTA });
  }
  return withReportsFolder(reports, [TRACE_FILE, MODEL_FILE], () => identifyIntoFolder(settings, io));
}

async function identifyIntoFolder(settings: RunSettings, io: Io): Promise<ExitCode> {
  const { reports } = settings;
  removeStaleFolders();
  const signal = interruptSignal(io);
  const session = await openSession(settings, signal);
  try {
    const plan = planOf(session, io);
    if (settings.dryRun) {
      io.stdout.write(describePlan(plan, session));
      io.stdout.write(`k6: ${describeK6(await findK6(k6Options(settings, io.env))).description}\n`);
      return exitCodes.clean;
    }
    io.stdout.write(`Identifying the rate limiter of ${nameOfTarget(settings, session.baseUrl)}\n`);
    await askConsent(session, io, plan);
    io.stdout.write(`At most ${describeCosts(plan)} …\n\n`);
    const trace = await recordTrace(session, io);
    const exitCode = await reportLimiter(trace, settings, io);
    io.stdout.write(`Trace: ${join(reports, TRACE_FILE)}, model: ${join(reports, MODEL_FILE)}\n`);
    return exitCode;
  } catch (error) {
    throw explainRunError(error, signal);
  } finally {
    await session.close();
  }
}

/** `mch identify --trace`: evaluates a trace and sends nothing. */
export function identifyTrace(file: string, settings: RunSettings, io: Io): Promise<ExitCode> {
  return withReportsFolder(settings.reports, [MODEL_FILE], () => {
    const trace = readTrace(file);
    return reportLimiter(trace, { ...settings, quota: trace.quota }, io);
  });
}

const identifiedEndings: readonly Conclusion['ending'][] = [
  'certain',
  'kind',
  'distributed',
  'unlimited',
  'queues',
];

async function reportLimiter(
  trace: LimiterTrace,
  { reports, quota }: RunSettings,
  io: Io,
): Promise<ExitCode> {
  const conclusion = concludeFrom(trace, quota);
  const model = { schemaVersion: SCHEMA_VERSION, quota, ...conclusion };
  await writeFile(join(reports, MODEL_FILE), `${JSON.stringify(model, null, 2)}\n`);
  io.stdout.write(describeLimiter(trace, conclusion, quota));
  return identifiedEndings.includes(conclusion.ending) ? exitCodes.clean : exitCodes.incomplete;
}

/** The reads of the preflight and the maximum cost of the experiments. */
function planOf(session: Session, { env }: Io): Plan {
  const context = identifyContext(session, env, '');
  const cost = estimateIdentify(session.settings.quota, context);
  return [readsPlan, { layer: 'load', cost }];
}

/** Locally no rest is needed between cycles, because the trace includes all requests. */
function identifyContext(
  session: Session,
  env: Io['env'],
  binary: string,
  types = unknownTypes,
): ReturnType<typeof loadContext> {
  const context = loadContext({ session, types, env }, binary);
  return context.isRemote ? context : { ...context, restBetweenMs: 0 };
}

async function recordTrace(session: Session, io: Io): Promise<LimiterTrace> {
  const { settings, baseUrl: target } = session;
  const types = await preflightReads(session);
  const binary = await resolveK6(k6Options(settings, io.env), progressOn(io.stderr));
  const startedAt = new Date().toISOString();
  const head = { schemaVersion: SCHEMA_VERSION, target, startedAt, quota: settings.quota } as const;
  return identifyLimiter({
    ...identifyContext(session, io.env, binary, types),
    onSpent: (reason) => void io.stderr.write(`no further experiments: ${reason}\n`),
    onTrace(trace) {
      const file: TraceFile = { ...head, ...trace };
      return writeFile(join(settings.reports, TRACE_FILE), `${JSON.stringify(file)}\n`);
    },
  });
}

/** @throws {HarnessError} of kind usage */
function readTrace(file: string): TraceFile {
  const unusable = (problem: string): HarnessError => usage('trace.unusable', { file, problem });
  const trace: Partial<TraceFile> = readVersionedJson(file, SCHEMA_VERSION, unusable);
  const { schemaVersion, cycles, lost, quota } = trace;
  const isTrace = schemaVersion === SCHEMA_VERSION && Array.isArray(cycles) && cycles.length > 0;
  if (!isTrace || typeof lost !== 'number' || quota === undefined) {
    throw unusable('it does not contain cycles of experiments');
  }
  return trace as TraceFile;
}
