import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Outcome } from '../../contracts/index.ts';
import { refuzz, type Probe } from '../../property/index.ts';
import { askConsent } from '../consent.ts';
import { usage } from '../errors.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { interruptSignal, type Io } from '../io.ts';
import { isLayerName } from '../layer-names.ts';
import { fuzzOptions, layers, type Env } from '../layers.ts';
import { preflight } from '../preflight.ts';
import { REPORT_FILE } from '../reports/index.ts';
import type { Report, ReportedFinding } from '../reports/report.ts';
import { openSession, type Session } from '../session.ts';
import type { RunSettings } from '../settings/run-settings.ts';

/** `mch replay <id>`: sends one finding again. Exit 1 while it is there, 0 when it is gone, 3 where that cannot be told. */
export async function replay(id: string, settings: RunSettings, io: Io): Promise<ExitCode> {
  const finding = findFinding(id, settings);
  const session = await openSession(settings, interruptSignal(io));
  try {
    await askConsent(session, io);
    const seen = await seeAgain(finding, session, io.env);
    io.stdout.write(`${sentences[seen](finding)}\n`);
    return { still: exitCodes.findings, gone: exitCodes.clean, unclear: exitCodes.incomplete }[seen];
  } finally {
    await session.close();
  }
}

type Seen = 'still' | 'gone' | 'unclear';

const sentences: Record<Seen, (finding: ReportedFinding) => string> = {
  still: ({ id, title, received, documented }) =>
    `✗ ${id} is still there: ${title}\n    Received    ${received}\n    Documented  ${documented}`,
  gone: ({ id, title }) => `✓ ${id} is gone: ${title}`,
  unclear: ({ id }) => `? ${id} could not be tried again: the target did not let it be judged`,
};

/** Another target than that of the report would say "gone" of a finding that is not its own. */
function findFinding(id: string, { reports, target }: RunSettings): ReportedFinding {
  const file = join(reports, REPORT_FILE);
  let report: Report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    throw usage('report.missing', { file });
  }
  const finding = report.findings.find((one) => one.id === id);
  if (finding === undefined) throw usage('finding.unknown', { id, file });
  const url = target.kind === 'reference' ? undefined : target.url;
  const foundAt = report.target.kind === 'reference' ? undefined : report.target.url;
  if (url !== foundAt)
    throw usage('replay.other-target', { id, target: foundAt ?? 'the reference provider' });
  return finding;
}

async function seeAgain({ id, rerun }: ReportedFinding, session: Session, env: Env): Promise<Seen> {
  const before: Outcome[] = [];
  for await (const outcome of preflight(session)) before.push(outcome);
  const outcomes = [...before, ...(await outcomesOf(rerun, session, env))];
  if (
    outcomes.some(
      (outcome) => outcome.kind !== 'not-verifiable' && outcome.findings.some((one) => one.id === id),
    )
  ) {
    return 'still';
  }
  return outcomes.every(({ kind }) => kind === 'evaluated') ? 'gone' : 'unclear';
}

/** A probe of the fuzzer is sent alone; what a contract or a limiter broke takes its whole layer. */
async function outcomesOf(rerun: ReportedFinding['rerun'], session: Session, env: Env): Promise<Outcome[]> {
  if (rerun === null || !isLayerName(rerun.layer)) return [];
  if (rerun.layer === 'property') return [await refuzz(rerun.data as Probe, fuzzOptions(session))];
  return Array.fromAsync(layers[rerun.layer].run(session, env, () => undefined));
}
