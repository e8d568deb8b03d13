import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Outcome } from '../../contracts/index.ts';
import type { PactFile } from '../../contracts/verification/index.ts';
import { refuzz, type Probe } from '../../property/index.ts';
import { askConsent } from '../consent.ts';
import { probeFor, readCorpusEntry } from '../corpus.ts';
import { usage } from '../errors.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { interruptSignal, type Io } from '../io.ts';
import { isLayerName, needs } from '../layer-names.ts';
import { fuzzOptions, layers, type Env } from '../layers.ts';
import { preflight } from '../preflight.ts';
import { REPORT_FILE } from '../reports/index.ts';
import type { Report, ReportedFinding } from '../reports/report.ts';
import { reverify } from '../pacts.ts';
import { reasonOf } from '../run-layers.ts';
import { openSession, type Session } from '../session.ts';
import type { RunSettings } from '../settings/run-settings.ts';

/** `mch replay <id or file>`: sends one finding again. Exit 1 while it is there, 0 when it is gone, 3 where that cannot be told. */
export async function replay(idOrFile: string, settings: RunSettings, io: Io): Promise<ExitCode> {
  const finding = idOrFile.endsWith('.json') ? ofCorpus(idOrFile, settings) : findFinding(idOrFile, settings);
  const layer = finding.rerun?.layer ?? '';
  if (isLayerName(layer) && !settings.allow.includes(needs[layer]))
    throw usage('layer.not-allowed', { layer, permission: needs[layer] });
  const session = await openSession(settings, interruptSignal(io));
  try {
    await askConsent(session, io);
    const seen = await seeAgain(finding, session, io.env);
    io.stdout.write(`${sentences[seen](finding)}\n`);
    return { still: exitCodes.findings, gone: exitCodes.clean, unclear: exitCodes.incomplete }[seen];
  } catch (error) {
    throw reasonOf(error, session.signal);
  } finally {
    await session.close();
  }
}

type Seen = 'still' | 'gone' | 'unclear';

/** What a replay needs of a finding. */
type Replayable = Pick<ReportedFinding, 'id' | 'title' | 'rerun'>;

const sentences: Record<Seen, (finding: Replayable) => string> = {
  still: ({ id, title }) => `✗ ${id} is still there: ${title}`,
  gone: ({ id, title }) => `✓ ${id} is gone: ${title}`,
  unclear: ({ id }) => `? ${id} could not be tried again: the target did not let it be judged`,
};

/** A file of the corpus is about any target: its bytes are sent to the one that is given. */
function ofCorpus(file: string, { managedClient }: RunSettings): Replayable {
  const entry = readCorpusEntry(file);
  const { id, title } = entry;
  return { id, title, rerun: { layer: 'property', data: probeFor(entry, managedClient) } };
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

async function seeAgain({ id, rerun }: Replayable, session: Session, env: Env): Promise<Seen> {
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
  const again = outcomes.slice(before.length).filter(({ kind }) => kind !== 'not-verifiable');
  const isTold = rerun?.layer === 'preflight' || again.some((outcome) => isOf(outcome, rerun));
  return isTold && [...before, ...again].every(({ kind }) => kind === 'evaluated') ? 'gone' : 'unclear';
}

/** Of a whole layer, only what looked at the same thing says something. */
function isOf({ what }: Outcome, rerun: ReportedFinding['rerun']): boolean {
  return rerun?.layer !== 'load' || what === (rerun.data as { what?: string } | undefined)?.what;
}

/** A probe of the fuzzer and an interaction of a pact are sent alone; what a limiter broke takes its whole layer. */
async function outcomesOf(rerun: ReportedFinding['rerun'], session: Session, env: Env): Promise<Outcome[]> {
  if (rerun === null || !isLayerName(rerun.layer)) return [];
  if (rerun.layer === 'property') return [await refuzz(rerun.data as Probe, fuzzOptions(session))];
  if (rerun.layer === 'contracts') return Array.fromAsync(reverify(rerun.data as PactFile, session, env));
  return Array.fromAsync(layers[rerun.layer].run(session, env, () => undefined));
}
