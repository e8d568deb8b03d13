import {
  describeDoubt,
  doubt,
  type DoubtCode,
  type ObstacleCode,
  type Outcome,
  type StateName,
  type StateValues,
} from '../../core/index.ts';
import {
  BudgetSpentError,
  StateRefusedError,
  type Guard,
  type Send,
  type TokenBook,
} from '../../core/client/index.ts';
import { isOfPhaseA } from '../suites/single-mutations.ts';
import type { Place } from './target-ids.ts';
import { callersOf, forClient, permissionOf, stateCaller, withNonce, type Probe } from './test-case.ts';
import { PLAIN, plainProbe } from '../triage/control-request.ts';
import { LAYER, lostEnvironment, runProbe } from './run-test-case.ts';

/** What it takes to send probes to a target. */
export interface Means {
  readonly place: Place;
  readonly send: Send;
  /** Waits so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
  /** Tells the writes of this run from those of every other. */
  readonly nonce: string;
  readonly guard: Guard;
  readonly tokens: TokenBook;
  /** Brings the target into a state and gives its caller and managed client; undefined where the target has no such door. */
  readonly arrange: ((state: StateName) => Promise<StateValues>) | undefined;
}

/** Sends one probe and gives its outcome; never rejects for the network's sake. */
export type Run = (probe: Probe) => Promise<Outcome>;

/** Runs probes that can be run here, and gives up when the surroundings are gone. */
export function createRunner(means: Means): Run {
  let lost: DoubtCode | undefined;

  /** One refusal may be about what was bent; one of the plainest request is about the surroundings. */
  async function isGone(probe: Probe, outcome: Outcome): Promise<DoubtCode | undefined> {
    const doubted = lostEnvironment(outcome, probe);
    if (doubted === undefined || probe.family === PLAIN) return doubted;
    const plain = plainProbe('getManagedClientStatus', means.place);
    return lostEnvironment(await runOrLeave(plain, means), plain);
  }

  return async (probe) => {
    const obstacle = obstacleTo(probe, means);
    if (obstacle !== undefined) return obstacle;
    if (lost !== undefined) return unsent(probe, describeDoubt(lost, {}));
    const reached = await reachState(probe, means);
    if ('kind' in reached) return reached;
    const outcome = await runOrLeave(withNonce(reached, means.nonce), means);
    lost ??= await isGone(probe, outcome);
    // What is sent again brings its state about again, under a mark of its own.
    return outcome.kind !== 'not-verifiable' && outcome.rerun !== undefined
      ? { ...outcome, rerun: { ...outcome.rerun, data: probe } }
      : outcome;
  };
}

/** A budget that is spent leaves the rest out. A cell that was not sent leaves the layer without a verdict. */
async function runOrLeave(probe: Probe, means: Means): Promise<Outcome> {
  try {
    return await runProbe(probe, means);
  } catch (error) {
    if (!(error instanceof BudgetSpentError)) throw error;
    const why = error.message;
    if (!isOfPhaseA(probe.family)) return notVerifiable(probe, 'budget-spent', { why });
    return { ...unsent(probe, why), decisive: true };
  }
}

/** Brings the target into the state of a probe. @returns the probe for the managed client that the state is about */
async function reachState(probe: Probe, { place, tokens, arrange }: Means): Promise<Probe | Outcome> {
  const { state } = probe;
  if (state === undefined || arrange === undefined) return probe;
  const unreached = notVerifiable(probe, 'no-state-endpoint', { state });
  let values: StateValues;
  try {
    values = await arrange(state);
  } catch (error) {
    if (error instanceof StateRefusedError) return unreached;
    throw error;
  }
  const { token, id } = values;
  // Most endpoints give neither: then there is nobody to ask as, or nothing to ask about.
  if (!token || (id === undefined && ABOUT_CLIENT.includes(state))) return unreached;
  tokens.adopt(stateCaller(state), token);
  return forClient(probe, place.client, id ?? place.client);
}

/** States that are about the managed client, and not about who asks. */
const ABOUT_CLIENT: readonly StateName[] = ['the managed client belongs to another tenant'];

function obstacleTo(probe: Probe, { guard, tokens, arrange }: Means): Outcome | undefined {
  const { state } = probe;
  const permission = permissionOf(probe);
  if (!guard.allows(permission)) return notVerifiable(probe, 'not-allowed', { permission });
  if (state !== undefined && arrange === undefined)
    return notVerifiable(probe, 'no-state-endpoint', { state });
  const own = state && stateCaller(state);
  const principal = callersOf(probe).find((caller) => caller !== own && !tokens.has(caller));
  return principal === undefined ? undefined : notVerifiable(probe, 'no-principal', { principal });
}

/** A probe that cannot be tried on this target. */
export function notVerifiable(
  { what, family: group }: Probe,
  reason: ObstacleCode,
  details: Readonly<Record<string, string>> = {},
): Outcome {
  return { kind: 'not-verifiable', layer: LAYER, what, group, reason, details };
}

function unsent({ what, family: group }: Probe, why: string): Outcome & { kind: 'inconclusive' } {
  return {
    kind: 'inconclusive',
    layer: LAYER,
    what,
    group,
    findings: [],
    doubts: [doubt('run.aborted', { why })],
    requests: 0,
  };
}
