import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Outcome } from '../../core/index.ts';
import { usage } from '../errors.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { readCorpusEntry, testCaseFor } from '../history/corpus.ts';
import { interruptSignal, type Environment, type Io } from '../io.ts';
import { REPORT_FILE } from '../reports/index.ts';
import type { Report, ReportedFinding } from '../reports/report.ts';
import { askConsent } from '../run/consent.ts';
import { isLayerName, requiredPermissions } from '../run/layer-names.ts';
import { preflight } from '../run/preflight.ts';
import type { Replay } from '../run/replay/replay.ts';
import { replayFinding, showsFinding } from '../run/replay/replay-finding.ts';
import { isIntermittent, triesFor } from '../run/replay/tries.ts';
import { explainRunError } from '../run/run-layers.ts';
import { openSession, type Session } from '../run/session.ts';
import type { RunSettings } from '../settings/run-settings.ts';
import { nameOfTarget } from '../settings/target-name.ts';

/**
 * `mch replay`: reproduces a finding. Sends its requests as often as its rate requires.
 * @param idOrFile an id of the last report, or a corpus file
 * @returns 1 if it is reproduced, 0 if it is gone, 3 if it is intermittent and did not occur, or could not be tried
 */
export async function replay(idOrFile: string, settings: RunSettings, io: Io): Promise<ExitCode> {
  const finding = idOrFile.endsWith('.json')
    ? fromCorpus(idOrFile, settings)
    : fromReport(idOrFile, settings);
  const layer = finding.replayData?.layer ?? '';
  if (isLayerName(layer) && !settings.allow.includes(requiredPermissions[layer])) {
    throw usage('layer.not-allowed', { layer, permission: requiredPermissions[layer] });
  }
  const session = await openSession(settings, interruptSignal(io));
  try {
    io.stdout.write(`Replaying ${finding.id} at ${nameOfTarget(settings, session.baseUrl)}\n`);
    await askConsent(session, io);
    const result = await tryToReproduce(finding, session, io.env).finally(async () => {
      for (const sentence of await session.restore()) io.stdout.write(`${sentence}\n`);
    });
    io.stdout.write(`${sentences[result.kind](finding, result.tries)}\n`);
    return exitCodeOf[result.kind];
  } catch (error) {
    throw explainRunError(error, session.signal);
  } finally {
    await session.close();
  }
}

/** The part of a finding that a replay needs. */
type ReplayableFinding = Pick<ReportedFinding, 'id' | 'title' | 'replayData' | 'count' | 'sent'>;

interface ReplayResult {
  readonly kind: 'reproduced' | 'gone' | 'not-seen' | 'inconclusive';
  readonly tries: number;
}

const exitCodeOf: Record<ReplayResult['kind'], ExitCode> = {
  reproduced: exitCodes.findings,
  gone: exitCodes.clean,
  'not-seen': exitCodes.incomplete,
  inconclusive: exitCodes.incomplete,
};

const sentences: Record<ReplayResult['kind'], (finding: ReplayableFinding, tries: number) => string> = {
  reproduced: ({ id, title }, tries) =>
    `✗ ${id} is reproduced${tries === 1 ? '' : ` in try ${tries}`}: ${title}`,
  gone: ({ id, title }) => `✓ ${id} is gone: ${title}`,
  'not-seen': ({ id, title, count, sent }, tries) => {
    const rate = sent === null ? 'its rate is unknown' : `it occurred ${count} of ${sent} times`;
    return `? ${id} did not occur in ${tries} ${tries === 1 ? 'try' : 'tries'}; ${rate}: ${title}`;
  },
  inconclusive: ({ id }) => `? ${id} could not be tried, because the response was inconclusive`,
};

/** A corpus file can be sent to any target. */
function fromCorpus(file: string, { managedClient }: RunSettings): ReplayableFinding {
  const entry = readCorpusEntry(file);
  const testCase = testCaseFor(entry, managedClient);
  return { ...entry, replayData: { layer: 'property', testCase } };
}

/** Rejects another target, at which the finding would look as if it were gone. */
function fromReport(id: string, { reports, target }: RunSettings): ReplayableFinding {
  const file = join(reports, REPORT_FILE);
  const report = readReport(file);
  const finding = report.findings.find((one) => one.id === id);
  if (finding === undefined) throw usage('finding.unknown', { id, file });
  const url = target.kind === 'reference' ? undefined : target.url;
  const foundAt = report.target.kind === 'reference' ? undefined : report.target.url;
  if (url === foundAt) return finding;
  throw usage('replay.other-target', { id, target: foundAt ?? 'the reference provider' });
}

function readReport(file: string): Report {
  let report: Report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    throw usage('report.missing', { file });
  }
  const { schemaVersion: version } = report as { schemaVersion: number };
  if (version !== 2) throw usage('report.version', { file, version });
  return report;
}

async function tryToReproduce(
  finding: ReplayableFinding,
  session: Session,
  env: Environment,
): Promise<ReplayResult> {
  const before: Outcome<Replay>[] = [];
  const types = await preflight(session, (outcome) => before.push(outcome));
  if (showsFinding(before, finding.id)) return { kind: 'reproduced', tries: 1 };
  const { replayData } = finding;
  const maxTries = replayData?.layer === 'load' ? 1 : triesFor(finding);
  for (let tries = 1; tries <= maxTries; tries++) {
    const outcomes = replayData === null ? [] : await replayFinding(replayData, { session, types, env });
    if (showsFinding(outcomes, finding.id)) return { kind: 'reproduced', tries };
    if (!isConclusive(replayData, before, outcomes)) return { kind: 'inconclusive', tries };
  }
  return { kind: isIntermittent(finding) ? 'not-seen' : 'gone', tries: maxTries };
}

/** Whether outcomes without the finding show that it is gone. */
function isConclusive(
  replay: Replay | null,
  before: readonly Outcome[],
  outcomes: readonly Outcome[],
): boolean {
  const attempted = outcomes.filter(({ kind }) => kind !== 'skipped');
  const hasCheck =
    replay?.layer === 'preflight' ||
    attempted.some(({ name }) => replay?.layer !== 'load' || name === replay.check);
  return hasCheck && [...before, ...attempted].every(({ kind }) => kind === 'evaluated');
}
