import {
  doubt,
  type DoubtCode,
  type ObstacleCode,
  type Outcome,
  type StateName,
  type StateValues,
} from '../contracts/index.ts';
import { BudgetSpentError, type Guard, type Send, type TokenBook } from '../contracts/target/index.ts';
import { isOfPhaseA } from './phases/enumerate.ts';
import type { Place } from './place.ts';
import { callersOf, forClient, permissionOf, stateCaller, type Probe } from './probe.ts';
import { LAYER, lostEnvironment, runProbe } from './run-probe.ts';

/** What it takes to send probes to a target. */
export interface Means {
  readonly place: Place;
  readonly send: Send;
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
  return async (probe) => {
    const obstacle = obstacleTo(probe, means);
    if (obstacle !== undefined) return obstacle;
    if (lost !== undefined) return unsent(probe, lost);
    const reached = await reachState(probe, means);
    const outcome = await runOrLeave(reached, means.send);
    lost ??= lostEnvironment(outcome, probe);
    // What is sent again brings its state about again.
    return outcome.kind !== 'not-verifiable' && outcome.rerun !== undefined
      ? { ...outcome, rerun: { ...outcome.rerun, data: probe } }
      : outcome;
  };
}

/** A budget that is spent leaves the rest out. A cell that was not sent leaves the layer without a verdict. */
async function runOrLeave(probe: Probe, send: Send): Promise<Outcome> {
  try {
    return await runProbe(probe, send);
  } catch (error) {
    if (!(error instanceof BudgetSpentError)) throw error;
    const why = error.message;
    if (!isOfPhaseA(probe.family)) return notVerifiable(probe, 'budget-spent', { why });
    return { ...unsent(probe, why), decisive: true };
  }
}

/** Brings the target into the state of a probe. @returns the probe for the managed client that the state is about */
async function reachState(probe: Probe, { place, tokens, arrange }: Means): Promise<Probe> {
  if (probe.state === undefined || arrange === undefined) return probe;
  const { token = '', id = place.client } = await arrange(probe.state);
  tokens.adopt(stateCaller(probe.state), token);
  return forClient(probe, place.client, id);
}

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

function notVerifiable(
  { what, family: group }: Probe,
  reason: ObstacleCode,
  details: Readonly<Record<string, string>>,
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
