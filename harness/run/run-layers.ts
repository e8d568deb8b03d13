import { doubt, type Outcome } from '../../core/index.ts';
import { BudgetSpentError, TokenRefusedError } from '../../core/client/index.ts';
import type { Collector, LayerTally } from './collector.ts';
import { environment, HarnessError } from '../errors.ts';
import { explain, layers, type Env } from './layers.ts';
import type { LayerName } from './layer-names.ts';
import { preflight } from './preflight.ts';
import { runWithProgress, type ProgressTask, type Voice } from './progress.ts';
import type { Session } from './session.ts';

export interface RunContext {
  readonly session: Session;
  readonly collector: Collector;
  readonly env: Env;
  readonly now: () => number;
}

/**
 * Runs the preflight and then the layers, and puts what they yield into the collector.
 * What ends a layer early is written into its tally: the others still run, and the report is still written.
 */
export async function runLayers(context: RunContext, isTerminal: boolean): Promise<void> {
  const { session } = context;
  const first: ProgressTask = {
    title: 'preflight',
    work: (voice) => runOne(context, 'preflight', preflight(session), voice),
  };
  const rest = session.settings.layers.map((name): ProgressTask => ({
    title: name,
    work: (voice) => runLayer(context, name, voice),
  }));
  await runWithProgress([first, ...rest], isTerminal);
}

async function runLayer(context: RunContext, name: LayerName, voice: Voice): Promise<LayerTally> {
  const { session, collector, env } = context;
  const blocked = collector.layer('preflight').stopped;
  const outcomes =
    blocked === undefined ? layers[name].run(session, env, voice) : notRun(name, 'the preflight failed');
  return runOne(context, name, outcomes, voice);
}

async function* notRun(layer: string, why: string): AsyncGenerator<Outcome> {
  const doubts = [doubt('run.aborted', { why })];
  yield await Promise.resolve({
    kind: 'inconclusive' as const,
    layer,
    what: 'everything',
    group: layer,
    findings: [],
    doubts,
    requests: 0,
  });
}

const EVERY = 25;

async function runOne(
  { collector, session, now }: RunContext,
  name: string,
  outcomes: AsyncGenerator<Outcome>,
  voice: Voice,
): Promise<LayerTally> {
  const tally = collector.layer(name);
  const startedAt = now();
  try {
    for await (const outcome of outcomes) {
      collector.add(outcome);
      if (tally.attempted % EVERY === 0) voice.tick(`${tally.evaluated} of ${tally.attempted} evaluated`);
    }
    // Not before: an interrupted layer ends at its next request, and tells what it had found.
    session.signal.throwIfAborted();
  } catch (error) {
    tally.stopped = reasonOf(error, session.signal).message;
  }
  tally.durationMs = Math.round(now() - startedAt);
  return tally;
}

/** What ended the work, in the words of the harness. */
export function reasonOf(error: unknown, signal: AbortSignal): HarnessError {
  if (signal.aborted) return environment('interrupted');
  if (error instanceof HarnessError) return error;
  if (error instanceof BudgetSpentError)
    return environment('budget.spent', { problem: error.message }, error);
  if (error instanceof TokenRefusedError) {
    return environment('token.refused', { principal: error.principal, reason: error.reason }, error);
  }
  const problem = error instanceof Error ? error.message : String(error);
  return explain(error) ?? environment('unexpected', { problem }, error);
}
