import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Outcome, Rerun } from '../../core/index.ts';
import { askConsent } from '../run/consent.ts';
import { probeFor, readCorpusEntry } from '../history/corpus.ts';
import { usage } from '../errors.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { interruptSignal, type Io } from '../io.ts';
import { isLayerName, needs } from '../run/layer-names.ts';
import type { Env } from '../run/layers.ts';
import { preflight } from '../run/preflight.ts';
import { REPORT_FILE } from '../reports/index.ts';
import type { Report, ReportedFinding } from '../reports/report.ts';
import { rerun, shows } from '../run/rerun.ts';
import { reasonOf } from '../run/run-layers.ts';
import { openSession, type Session } from '../run/session.ts';
import type { RunSettings } from '../settings/run-settings.ts';
import { nameOfTarget } from '../settings/target-name.ts';
import { isIntermittent, triesFor } from '../run/tries.ts';

/**
 * `mch replay <id or file>`: sends one finding again, as often as its rate asks for. Exit 1 if it is reproduced, 0 if it
 * is gone, 3 if it is intermittent and was not seen, or could not be tried.
 */
export async function replay(idOrFile: string, settings: RunSettings, io: Io): Promise<ExitCode> {
  const finding = idOrFile.endsWith('.json') ? ofCorpus(idOrFile, settings) : findFinding(idOrFile, settings);
  const layer = finding.rerun?.layer ?? '';
  if (isLayerName(layer) && !settings.allow.includes(needs[layer]))
    throw usage('layer.not-allowed', { layer, permission: needs[layer] });
  const session = await openSession(settings, interruptSignal(io));
  try {
    io.stdout.write(`Replaying ${finding.id} at ${nameOfTarget(settings, session.baseUrl)}\n`);
    await askConsent(session, io);
    const result = await tryAgain(finding, session, io.env);
    io.stdout.write(`${sentences[result.kind](finding, result.tries)}\n`);
    return exitCodeOf[result.kind];
  } catch (error) {
    throw reasonOf(error, session.signal);
  } finally {
    await session.close();
  }
}

/** What a replay needs of a finding. */
type Replayable = Pick<ReportedFinding, 'id' | 'title' | 'rerun' | 'count' | 'sent'>;

interface Result {
  readonly kind: 'reproduced' | 'gone' | 'not-seen' | 'unclear';
  readonly tries: number;
}

const exitCodeOf: Record<Result['kind'], ExitCode> = {
  reproduced: exitCodes.findings,
  gone: exitCodes.clean,
  'not-seen': exitCodes.incomplete,
  unclear: exitCodes.incomplete,
};

const sentences: Record<Result['kind'], (finding: Replayable, tries: number) => string> = {
  reproduced: ({ id, title }, tries) =>
    `✗ ${id} is still there: ${title}${tries === 1 ? '' : ` (seen in try ${tries})`}`,
  gone: ({ id, title }) => `✓ ${id} is gone: ${title}`,
  'not-seen': ({ id, title, count, sent }, tries) =>
    `? ${id} was not seen in ${tries} ${tries === 1 ? 'try' : 'tries'}; ${sent === null ? 'how often it comes is not known' : `it was seen ${count} of ${sent} times`}: ${title}`,
  unclear: ({ id }) => `? ${id} could not be tried again: the target did not let it be judged`,
};

/** A file of the corpus is about any target: its bytes are sent to the one that is given. */
function ofCorpus(file: string, { managedClient }: RunSettings): Replayable {
  const entry = readCorpusEntry(file);
  const { id, title, count = 1, sent = null } = entry;
  return { id, title, count, sent, rerun: { layer: 'property', data: probeFor(entry, managedClient) } };
}

/** Another target than that of the report would say "gone" of a finding that is not its own. */
function findFinding(id: string, { reports, target }: RunSettings): Replayable {
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

async function tryAgain(finding: Replayable, session: Session, env: Env): Promise<Result> {
  const before = await Array.fromAsync(preflight(session));
  if (shows(before, finding.id)) return { kind: 'reproduced', tries: 1 };
  const most = finding.rerun?.layer === 'load' ? 1 : triesFor(finding);
  let tries = 0;
  while (tries < most) {
    const outcomes = finding.rerun === null ? [] : await rerun(finding.rerun, session, env);
    tries += 1;
    if (shows(outcomes, finding.id)) return { kind: 'reproduced', tries };
    if (!isClear(finding, before, outcomes)) return { kind: 'unclear', tries };
  }
  return { kind: isIntermittent(finding) ? 'not-seen' : 'gone', tries };
}

/** Whether outcomes without the finding say that it is not there. */
function isClear(
  { rerun: data }: Replayable,
  before: readonly Outcome[],
  outcomes: readonly Outcome[],
): boolean {
  const again = outcomes.filter(({ kind }) => kind !== 'not-verifiable');
  const isTold = data?.layer === 'preflight' || again.some((outcome) => isOf(outcome, data));
  return isTold && [...before, ...again].every(({ kind }) => kind === 'evaluated');
}

/** Of a whole layer, only what looked at the same thing says something. */
function isOf({ what }: Outcome, data: Rerun | null): boolean {
  return data?.layer !== 'load' || what === (data.data as { what?: string } | undefined)?.what;
}
