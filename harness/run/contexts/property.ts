import { setTimeout as wait } from 'node:timers/promises';

import type { BudgetShare } from '../../../core/client/index.ts';
import { plan as planLoad } from '../../../load/index.ts';
import type { PropertyContext, TargetIds } from '../../../property/index.ts';
import { CORPUS_FOLDER, readCorpus, testCaseFor } from '../../history/corpus.ts';
import type { RunSettings } from '../../settings/run-settings.ts';
import type { ReportedTypes } from '../preflight.ts';
import type { LayerInput } from './layer-input.ts';
import { loadContext } from './load.ts';

export function propertyContext(input: LayerInput): PropertyContext {
  const { session, types } = input;
  const { settings, send, permissions, tokens, setUpState, volume, budget, runId, signal } = session;
  const { managedClient, seed, pace, maxRequests, maxDurationMs } = settings;
  return {
    ...volume,
    target: targetIds(settings, types),
    seed,
    corpus: readCorpus(CORPUS_FOLDER).map((entry) => testCaseFor(entry, managedClient)),
    send,
    pause: (milliseconds) => wait(milliseconds, undefined, { signal }),
    runId,
    permissions,
    tokens,
    setUpState: setUpState && ((name) => setUpState({ name })),
    pace,
    budget,
    limits: { requests: maxRequests, durationMs: maxDurationMs },
    reserved: reservedForLoad(input),
  };
}

function targetIds(
  { managedClient, secondManagedClient }: RunSettings,
  { types: [first = 'CCG', ...others], secondTypes: [second, ...othersOfSecond] }: ReportedTypes,
): TargetIds {
  const hasSecond = secondManagedClient !== undefined && second !== undefined;
  return {
    managedClient,
    types: [first, ...others],
    ...(hasSecond && {
      second: { managedClient: secondManagedClient, types: [second, ...othersOfSecond] },
    }),
  };
}

/** The part of the budget that the load layer needs afterwards. */
function reservedForLoad(input: LayerInput): BudgetShare {
  if (!input.session.settings.layers.includes('load')) return { requests: 0, durationMs: 0 };
  return planLoad(loadContext(input, ''));
}
