import { inconclusiveBecause, type Emit } from '../../core/index.ts';
import { BudgetSpentError, TargetStoppedError, TokenRequestError } from '../../core/client/index.ts';
import { environment, HarnessError } from '../errors.ts';
import type { Environment } from '../io.ts';
import type { Collector, LayerTally } from './collector.ts';
import type { LayerName } from './layer-names.ts';
import { explainLayerError, layers } from './layers.ts';
import { preflight, PREFLIGHT, unknownTypes, type ReportedTypes } from './preflight.ts';
import { runWithProgress, type Progress, type ProgressTask } from './progress.ts';
import type { Replay } from './replay/replay.ts';
import type { Session } from './session.ts';

export interface RunContext {
  readonly session: Session;
  readonly collector: Collector;
  readonly env: Environment;
  readonly now: () => number;
}

/**
 * Runs the preflight and then the layers. An error that ends a layer is stored in its tally, so that the other layers run
 * and the report is written.
 * @returns the types that the preflight found
 */
export async function runLayers(context: RunContext, isTerminal: boolean): Promise<ReportedTypes> {
  const { session, collector, env } = context;
  let types = unknownTypes;
  const first: ProgressTask = {
    title: PREFLIGHT,
    work: (progress) =>
      collect(context, PREFLIGHT, progress, async (emit) => {
        types = await preflight(session, emit);
      }),
  };
  const runLayer = (name: LayerName, emit: Emit<Replay>, progress: Progress): Promise<void> => {
    if (collector.layer(PREFLIGHT).stopped === undefined) {
      return layers[name].run({ session, types, env }, emit, progress);
    }
    emitNotRun(name, emit);
    return Promise.resolve();
  };
  const rest = session.settings.layers.map((name): ProgressTask => ({
    title: name,
    work: (progress) => collect(context, name, progress, (emit) => runLayer(name, emit, progress)),
  }));
  await runWithProgress([first, ...rest], isTerminal);
  return types;
}

function emitNotRun(layer: string, emit: Emit<Replay>): void {
  const inconclusive = [inconclusiveBecause('run.aborted', { why: 'the preflight failed' })];
  const name = { layer, name: 'all checks', suite: layer };
  emit({ kind: 'inconclusive', ...name, findings: [], inconclusive, requests: 0 });
}

/** The number of outcomes between two progress texts. */
const PROGRESS_INTERVAL = 25;

async function collect(
  { collector, session, now }: RunContext,
  name: string,
  progress: Progress,
  work: (emit: Emit<Replay>) => Promise<void>,
): Promise<LayerTally> {
  const tally = collector.layer(name);
  const startedAt = now();
  // A second interruption reports a layer that has not ended.
  tally.stopped = environment('interrupted').message;
  try {
    await work((outcome) => {
      collector.add(outcome);
      const isDue = tally.attempted % PROGRESS_INTERVAL === 0;
      if (isDue) progress.tick(`${tally.evaluated} of ${tally.attempted} evaluated`);
    });
    session.signal.throwIfAborted();
    tally.stopped = undefined;
  } catch (error) {
    tally.stopped = explainRunError(error, session.signal).message;
  }
  tally.durationMs = Math.round(now() - startedAt);
  return tally;
}

/** Explains the error that ended a run. */
export function explainRunError(error: unknown, signal: AbortSignal): HarnessError {
  if (signal.aborted) return environment('interrupted');
  if (error instanceof HarnessError) return error;
  const problem = error instanceof Error ? error.message : String(error);
  if (error instanceof BudgetSpentError) return environment('budget.spent', { problem }, error);
  if (error instanceof TargetStoppedError) return environment('target.stopped', { problem }, error);
  if (error instanceof TokenRequestError) {
    return environment('token.unavailable', { principal: error.principal, reason: error.reason }, error);
  }
  return explainLayerError(error) ?? environment('unexpected', { problem }, error);
}
