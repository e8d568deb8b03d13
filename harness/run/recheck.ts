import type { Outcome } from '../../core/index.ts';
import type { PactFile } from '../../contracts/verification/index.ts';
import type { Collected, Collector } from './collector.ts';
import type { Env } from './layers.ts';
import { reverify } from './pacts.ts';
import { rerun, shows } from './rerun.ts';
import type { Session } from './session.ts';

/** A failure that comes back so many times in a row is constant: one of fifty passes for it once in 2,500 times. */
const TIMES = 2;
/** A failure of single requests under load that was seen so often would be seen again when the layer is repeated. */
const OFTEN = 5;
/** Findings that are sent again; of the others it stays unknown whether they are constant. */
const MAX_FINDINGS = 50;

/**
 * Sends the requests of findings again after a run, so that the report says which failures are constant. The others are
 * replayed more often, and never reported as gone after a few good answers. What a limiter did is left out: it takes
 * a whole layer. Ends early if the run is interrupted or its budget is spent.
 */
export async function recheck({ findings }: Collector, session: Session, env: Env): Promise<void> {
  for (const found of findings.values()) {
    if (found.rerun?.layer === 'load') found.isConstant ??= found.count >= OFTEN;
  }
  const chosen = [...findings.values()].slice(0, MAX_FINDINGS);
  try {
    for (const finding of chosen.filter(isOneRequest)) await recheckOne(finding, session, env);
    await recheckPacts(chosen, session, env);
  } catch {
    // What was found is in the report all the same.
  }
}

/** A test case of the property layer, or what the preflight sends. */
function isOneRequest({ rerun: data }: Collected): boolean {
  return data?.layer === 'property' || data?.layer === 'preflight';
}

async function recheckOne(found: Collected, session: Session, env: Env): Promise<void> {
  for (let time = 0; time < TIMES && found.isConstant !== false; time++) {
    const outcomes = found.rerun === undefined ? [] : await rerun(found.rerun, session, env);
    book(found, outcomes);
  }
}

/** All interactions in one run of the verifier, which takes longer to start than to verify. */
async function recheckPacts(findings: readonly Collected[], session: Session, env: Env): Promise<void> {
  const own = findings.filter(
    (one) => one.rerun?.layer === 'contracts' && isCheap(one.rerun.data as PactFile, session),
  );
  if (own.length === 0) return;
  const pacts = own.map((one) => one.rerun?.data as PactFile);
  const outcomes = await Array.fromAsync(reverify(pacts, session, env));
  for (const found of own) book(found, outcomes);
}

/** Without a state endpoint, a 429 costs the whole quota once more. */
function isCheap({ interactions }: PactFile, { arrange }: Session): boolean {
  return arrange !== undefined || interactions.every(({ response }) => response.status !== 429);
}

function book(found: Collected, outcomes: readonly Outcome[]): void {
  if (!outcomes.some(({ kind }) => kind === 'evaluated')) return;
  found.isConstant = shows(outcomes, found.finding.id);
}
