import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as fc from 'fast-check';

import { findK6 } from '../../load/index.ts';
import { Collector } from '../run/collector.ts';
import { askConsent } from '../run/consent.ts';
import { writeCorpus } from '../history/corpus.ts';
import { describeK6 } from '../reports/describe-k6.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { interruptSignal, wantsColour, type Io } from '../io.ts';
import { explain, k6Options, loadPrincipal } from '../run/layers.ts';
import { LOAD_TRACE_FILE } from '../run/load-trace.ts';
import { packageVersion } from '../package-paths.ts';
import { describePlan, makePlan } from '../run/plan.ts';
import { recheck } from '../run/recheck.ts';
import { consoleReport } from '../reports/console.ts';
import { checkReportsFolder, writeReports } from '../reports/index.ts';
import { makeReport } from '../reports/make-report.ts';
import type { Report } from '../reports/report.ts';
import { countUnseen } from '../history/unseen.ts';
import { runLayers } from '../run/run-layers.ts';
import { openSession, type Session } from '../run/session.ts';
import type { RunSettings } from '../settings/run-settings.ts';
import {
  APPROVED_SIGNATURES,
  changedSignatures,
  readApprovedSignatures,
  signatureFile,
  type Signatures,
} from '../history/signatures.ts';
import { nameOfTarget } from '../settings/target-name.ts';

/** `mch run`: judges a target with the chosen layers, writes the reports and says what came out. */
export async function run(settings: RunSettings, io: Io): Promise<ExitCode> {
  await checkReportsFolder(settings.reports, [LOAD_TRACE_FILE]);
  const approved = readApprovedSignatures(APPROVED_SIGNATURES);
  const session = await openSession(settings, interruptSignal(io));
  try {
    if (settings.dryRun) {
      io.stdout.write(describePlan(await makePlan(session, io.env), session));
      if (settings.layers.includes('load')) io.stdout.write(await k6Line(settings, io));
      return exitCodes.clean;
    }
    io.stdout.write(`${firstLine(session)}\n`);
    await askConsent(session, io);
    const { report, signatures } = await judgeTarget(session, io, approved);
    const gone = countUnseen(settings.baseline, seenBy(report), settings.reports);
    io.stdout.write(`\n${consoleReport(report, { colour: wantsColour(io), folder: settings.reports })}`);
    for (const id of gone)
      io.stdout.write(`Known finding ${id} was not seen in three full runs: maybe fixed.\n`);
    await writeReports(report, settings.reports);
    if (signatures.size > 0)
      await writeFile(join(settings.reports, 'signatures.json'), signatureFile(signatures));
    const made = { client: settings.managedClient, fastCheck: FAST_CHECK };
    writeCorpus(report, join(settings.reports, 'corpus'), made);
    return report.exitCode;
  } finally {
    await session.close();
  }
}

function firstLine({ settings, baseUrl }: Session): string {
  const { layers, profile, seed } = settings;
  return `Testing ${nameOfTarget(settings, baseUrl)}: ${layers.join(', ')} (profile ${profile}, seed ${seed})`;
}

async function k6Line(settings: RunSettings, { env }: Io): Promise<string> {
  const found = await findK6(k6Options(settings, env)).catch((error: unknown) => {
    throw explain(error) ?? error;
  });
  return `k6: ${describeK6(found).says}\n`;
}

/** What a full run saw; a run that left something out says nothing of what it did not see. */
function seenBy({ findings, layers, notRun }: Report): Set<string> | undefined {
  const isFull = notRun.length === 0 && layers.length === ALL_LAYERS && layers.every(isWhole);
  return isFull ? new Set(findings.map(({ id }) => id)) : undefined;
}

const { __version: FAST_CHECK } = fc;

/** The preflight and the three. */
const ALL_LAYERS = 4;

function isWhole({ stopped, verdict }: Report['layers'][number]): boolean {
  return stopped === null && verdict !== 'inconclusive';
}

/** Runs the layers of an open session and reports on them. */
async function judgeTarget(
  session: Session,
  io: Io,
  approved: Signatures,
): Promise<{ report: Report; signatures: ReadonlyMap<string, string> }> {
  const { settings, baseUrl } = session;
  const collector = new Collector();
  const startedAt = new Date();
  await runLayers({ session, collector, env: io.env, now: Date.now }, io.stdout.isTTY === true);
  await recheck(collector, session, io.env);
  const { signatures } = collector;
  const report = makeReport({
    settings,
    collector,
    url: baseUrl,
    startedAt,
    durationMs: Date.now() - startedAt.getTime(),
    version: packageVersion(),
    notes: [...notesOn(session), ...changedSignatures(approved, signatures)],
  });
  return { report, signatures };
}

function notesOn(session: Session): string[] {
  const shares = session.settings.layers.includes('load') && loadPrincipal(session) === 'user';
  return shares ? ['The load layer has no credentials of its own: it came last and used those of user.'] : [];
}
