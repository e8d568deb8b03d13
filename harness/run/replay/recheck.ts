import { isCheapReplay, replay as replayContracts, type ContractsReplay } from '../../../contracts/index.ts';
import type { Outcome } from '../../../core/index.ts';
import type { CollectedFinding, Collector } from '../collector.ts';
import { contextWithPacts } from '../contexts/contracts.ts';
import type { LayerInput } from '../contexts/layer-input.ts';
import type { Replay } from './replay.ts';
import { replayFinding, showsFinding } from './replay-finding.ts';

/** After this many consecutive occurrences a failure counts as constant. One of fifty does so in 1 of 2,500 cases. */
const OCCURRENCES = 2;
/** A failure of single requests under load that occurred this often would occur again in a repeated layer. */
const MIN_LOAD_OCCURRENCES = 5;
/** Whether other findings are constant remains unknown. */
const MAX_FINDINGS = 50;

/**
 * Sends the requests of findings again after a run, so that the report shows which failures are constant. Intermittent ones
 * are replayed more often. Findings about a limiter are left out, because they need a whole layer. Ends early if the run
 * is interrupted or the budget is spent.
 */
export async function recheck({ findings }: Collector, input: LayerInput): Promise<void> {
  for (const found of findings.values()) {
    if (found.replay?.layer === 'load') found.isConstant ??= found.count >= MIN_LOAD_OCCURRENCES;
  }
  const first = [...findings.values()].slice(0, MAX_FINDINGS);
  try {
    for (const found of first) {
      const { replay } = found;
      if (replay?.layer === 'property' || replay?.layer === 'preflight') {
        await recheckRequest(found, replay, input);
      }
    }
    await recheckInteractions(first, input);
  } catch {
    // The findings are in the report, without this information.
  }
}

async function recheckRequest(found: CollectedFinding, replay: Replay, input: LayerInput): Promise<void> {
  for (let time = 0; time < OCCURRENCES && found.isConstant !== false; time++) {
    update(found, await replayFinding(replay, input));
  }
}

/** Verifies all interactions in one run of the verifier, because its start takes most of the time. */
async function recheckInteractions(findings: readonly CollectedFinding[], input: LayerInput): Promise<void> {
  const own = findings.flatMap((found) => {
    const { replay } = found;
    return replay?.layer === 'contracts' && isCheap(replay, input) ? [{ found, replay }] : [];
  });
  if (own.length === 0) return;
  const outcomes = await replayContracts(
    own.map(({ replay }) => replay),
    contextWithPacts(input),
  );
  for (const { found } of own) update(found, outcomes);
}

function isCheap(replay: ContractsReplay, { session }: LayerInput): boolean {
  return session.setUpState !== undefined || isCheapReplay(replay);
}

function update(found: CollectedFinding, outcomes: readonly Outcome[]): void {
  if (!outcomes.some(({ kind }) => kind === 'evaluated')) return;
  found.isConstant = showsFinding(outcomes, found.finding.id);
}
