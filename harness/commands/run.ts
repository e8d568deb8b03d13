import { join } from 'node:path';

import * as fc from 'fast-check';

import { removeStaleFolders } from '../../core/node/index.ts';
import { findK6 } from '../../load/index.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { CORPUS_FOLDER, readCorpus, writeCorpus } from '../history/corpus.ts';
import { interruptSignal, wantsColour, type Io } from '../io.ts';
import { packageVersion } from '../package-paths.ts';
import { consoleReport } from '../reports/console.ts';
import { reportToGitHub } from '../reports/github.ts';
import { writeReports } from '../reports/index.ts';
import { withReportsFolder } from '../run/reports-folder.ts';
import { makeReport } from '../reports/make-report.ts';
import type { Report } from '../reports/report.ts';
import { Collector } from '../run/collector.ts';
import { askConsent } from '../run/consent.ts';
import { k6Options, loadPrincipal } from '../run/contexts/load.ts';
import { explainLayerError } from '../run/layers.ts';
import { LOAD_TRACE_FILE } from '../run/load-trace.ts';
import { describePlan, makePlan } from '../run/plan.ts';
import { recheck } from '../run/replay/recheck.ts';
import { runLayers } from '../run/run-layers.ts';
import { openSession, type Session } from '../run/session.ts';
import type { RunSettings } from '../settings/run-settings.ts';
import { nameOfTarget } from '../settings/target-name.ts';
import { describeK6 } from './describe-k6.ts';

const { __version: fastCheck } = fc;

/** `mch run`: tests a target with the selected layers and writes the reports. */
export function run(settings: RunSettings, io: Io): Promise<ExitCode> {
  return withReportsFolder(settings.reports, [LOAD_TRACE_FILE], () => runIntoFolder(settings, io));
}

async function runIntoFolder(settings: RunSettings, io: Io): Promise<ExitCode> {
  readCorpus(CORPUS_FOLDER); // an invalid file is a usage error, before anything is sent
  removeStaleFolders();
  let reportNow = (): void => undefined;
  const session = await openSession(
    settings,
    interruptSignal(io, () => reportNow()),
  );
  try {
    if (settings.dryRun) {
      io.stdout.write(describePlan(await makePlan(session, io.env), session));
      if (settings.layers.includes('load')) io.stdout.write(await k6Line(settings, io));
      return exitCodes.clean;
    }
    io.stdout.write(`${firstLine(session)}\n`);
    await askConsent(session, io);
    const tested = { session, collector: new Collector(), startedAt: new Date() };
    reportNow = () =>
      void publishReport(tested, session.needsRestoring() ? session.earlier.notRestored() : [], io);
    await testTarget(tested, io);
    return publishReport(tested, await session.restore(), io);
  } finally {
    await session.close();
  }
}

/** A session and the results so far. */
interface TestedTarget {
  readonly session: Session;
  readonly collector: Collector;
  readonly startedAt: Date;
}

/**
 * Prints the report and writes its files. Synchronous, because a second interruption ends the process.
 * @param restored sentences about the statuses that the run had overwritten
 */
function publishReport(tested: TestedTarget, restored: readonly string[], io: Io): ExitCode {
  const { settings } = tested.session;
  const { reports, managedClient, formats } = settings;
  const report = reportOf(tested, restored);
  if (formats.includes('console')) {
    io.stdout.write(`\n${consoleReport(report, { colour: wantsColour(io), folder: reports })}`);
  }
  writeReports(report, reports, formats);
  writeCorpus(report, join(reports, 'corpus'), { managedClient, fastCheck });
  reportToGitHub(report, io);
  return report.exitCode;
}

function firstLine({ settings, baseUrl }: Session): string {
  const { layers, profile, seed } = settings;
  return `Testing ${nameOfTarget(settings, baseUrl)}: ${layers.join(', ')} (profile ${profile}, seed ${seed})`;
}

async function k6Line(settings: RunSettings, { env }: Io): Promise<string> {
  const found = await findK6(k6Options(settings, env)).catch((error: unknown) => {
    throw explainLayerError(error) ?? error;
  });
  return `k6: ${describeK6(found).description}\n`;
}

async function testTarget({ session, collector }: TestedTarget, { env, stdout }: Io): Promise<void> {
  const types = await runLayers({ session, collector, env, now: Date.now }, stdout.isTTY === true);
  await recheck(collector, { session, types, env });
}

function reportOf({ session, collector, startedAt }: TestedTarget, restored: readonly string[]): Report {
  return makeReport({
    settings: session.settings,
    collector,
    traffic: session.traffic,
    url: session.baseUrl,
    startedAt,
    durationMs: Date.now() - startedAt.getTime(),
    version: packageVersion(),
    notes: [...notesOn(session), ...restored],
  });
}

function notesOn(session: Session): string[] {
  const isShared = session.settings.layers.includes('load') && loadPrincipal(session) === 'user';
  return isShared
    ? ['The load layer has no credentials of its own: it ran last, with the credentials of user.']
    : [];
}
