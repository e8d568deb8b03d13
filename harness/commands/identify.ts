import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Quota } from '../../core/index.ts';
import {
  concludeFrom,
  findK6,
  identifyLimiter,
  planIdentify,
  resolveK6,
  type Conclusion,
  type Evident,
} from '../../load/index.ts';
import { askConsent } from '../run/consent.ts';
import { describeK6 } from '../reports/describe-k6.ts';
import { describeLimiter } from '../reports/describe-limiter.ts';
import { usage, type HarnessError } from '../errors.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { interruptSignal, type Io } from '../io.ts';
import { k6Options, loadOptions, REMOTE_REST_MS } from '../run/layers.ts';
import { costsOf, describePlan, readsPlan, type Plan } from '../run/plan.ts';
import { preflightReads } from '../run/preflight.ts';
import { voiceOn } from '../run/progress.ts';
import { checkReportsFolder } from '../reports/index.ts';
import { reasonOf } from '../run/run-layers.ts';
import { openSession, type Session } from '../run/session.ts';
import { readJsonObject } from '../settings/json-object.ts';
import type { RunSettings } from '../settings/run-settings.ts';
import { nameOfTarget } from '../settings/target-name.ts';

/** What was seen of the limiter of a target. Times are seconds since the epoch. */
interface LimiterTrace extends Evident {
  readonly schemaVersion: 1;
  readonly target: string;
  readonly startedAt: string;
  readonly quota: Quota;
}

const TRACE_FILE = 'trace.json';
const MODEL_FILE = 'limiter.json';

/** Models and experiments go to 400 requests. */
const LARGEST_LIMIT = 250;

/** `mch identify`: what limiter a target has, black-box. Exit 0 where that is known, 3 where it is not. Writes nothing there. */
export async function identifyTarget(settings: RunSettings, io: Io): Promise<ExitCode> {
  const { quota, reports } = settings;
  if (quota.limit > LARGEST_LIMIT) throw usage('identify.quota', { limit: quota.limit });
  await checkReportsFolder(reports, [TRACE_FILE, MODEL_FILE]);
  const signal = interruptSignal(io);
  const session = await openSession(settings, signal);
  try {
    const plan = planOf(session, io);
    if (settings.dryRun) {
      io.stdout.write(describePlan(plan, session));
      io.stdout.write(`k6: ${describeK6(await findK6(k6Options(settings, io.env))).says}\n`);
      return exitCodes.clean;
    }
    io.stdout.write(`Identifying the rate limiter of ${nameOfTarget(settings, session.baseUrl)}\n`);
    await askConsent(session, io, plan);
    io.stdout.write(`At most ${costsOf(plan)} …\n\n`);
    const evident = await collect(session, io).catch((error: unknown) => {
      throw reasonOf(error, signal);
    });
    const told = await tell(evident, settings, io);
    io.stdout.write(
      `The trace is in ${join(reports, TRACE_FILE)}, the model in ${join(reports, MODEL_FILE)}.\n`,
    );
    return told;
  } finally {
    await session.close();
  }
}

/** Judges a trace that was written before; nothing is sent. */
export async function identifyTrace(file: string, settings: RunSettings, io: Io): Promise<ExitCode> {
  await checkReportsFolder(settings.reports, [MODEL_FILE]);
  const trace = readTrace(file);
  return tell(trace, { ...settings, quota: trace.quota }, io);
}

const KNOWN: readonly Conclusion['ended'][] = ['certain', 'kind', 'distributed', 'unlimited', 'queues'];

async function tell(evident: Evident, { reports, quota }: RunSettings, io: Io): Promise<ExitCode> {
  const conclusion = concludeFrom(evident, { limit: quota.limit, window: quota.windowMs / 1000 });
  const model = { schemaVersion: 1, quota, ...conclusion };
  await writeFile(join(reports, MODEL_FILE), `${JSON.stringify(model, null, 2)}\n`);
  io.stdout.write(describeLimiter({ ...evident, ...conclusion }, quota));
  return KNOWN.includes(conclusion.ended) ? exitCodes.clean : exitCodes.incomplete;
}

function restBetweenMs({ settings }: Session): number {
  return settings.target.kind === 'remote' ? REMOTE_REST_MS : 0;
}

/** The reads of the preflight, and what the experiments cost at most. */
function planOf(session: Session, io: Io): Plan {
  const options = { ...loadOptions(session, io.env, ''), restBetweenMs: restBetweenMs(session) };
  const plan = planIdentify(session.settings.quota, options);
  return [readsPlan, { layer: 'load', cost: { ...plan, writes: 0 } }];
}

/** Runs the cycles. What the judge says of single answers is the business of `mch run load`. */
async function collect(session: Session, io: Io): Promise<Evident> {
  const { settings, baseUrl: target } = session;
  for await (const read of preflightReads(session)) void read;
  const binary = await resolveK6(k6Options(settings, io.env), voiceOn(io.stderr));
  const startedAt = new Date().toISOString();
  const head = { schemaVersion: 1, target, startedAt, quota: settings.quota } as const;
  const outcomes = identifyLimiter({
    ...loadOptions(session, io.env, binary),
    restBetweenMs: restBetweenMs(session),
    take: (requests, durationMs) => session.budget.take(requests, durationMs),
    onSpent: (why) => void io.stderr.write(`nothing more is asked: ${why}\n`),
    // After each cycle: what was paid for is not lost.
    onCycle: (seen) =>
      writeFile(
        join(settings.reports, TRACE_FILE),
        `${JSON.stringify({ ...head, ...seen } satisfies LimiterTrace)}\n`,
      ),
  });
  for (;;) {
    const { done, value } = await outcomes.next();
    if (done === true) return value;
  }
}

/** @throws {HarnessError} of kind usage */
function readTrace(file: string): LimiterTrace {
  const unusable = (problem: string): HarnessError => usage('trace.unusable', { file, problem });
  const trace: Partial<LimiterTrace> = readJsonObject(file, unusable);
  const { schemaVersion, cycles, lost, quota } = trace;
  const isTrace = schemaVersion === 1 && Array.isArray(cycles) && cycles.length > 0;
  if (!isTrace || typeof lost !== 'number' || quota === undefined)
    throw unusable('it is no trace of identify');
  return trace as LimiterTrace;
}
