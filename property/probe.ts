import { providerStates, type RelationName, type StateName } from '../contracts/index.ts';
import { callerOf, permissionFor, type Permission, type Step } from '../contracts/target/index.ts';

/** One thing to find out: steps in order, and what has to hold between them. Plain JSON data: a probe can be sent again. */
export interface Probe {
  /** A stable name: a cell, or what is read back. */
  readonly what: string;
  /** What it is counted under: a family of cells, or a phase. */
  readonly family: string;
  readonly steps: readonly Step[];
  readonly relation?: RelationName;
  /**
   * Which client sends each step, where several send at once: their steps go side by side, each client's in order.
   * The first client prepares: the others start when it is done.
   */
  readonly clients?: readonly number[];
  /** A state of the target that the caller `state` needs. */
  readonly state?: StateName;
}

/** The name of the caller whose token a state gives: one for each state, for probes are under way side by side. */
export function stateCaller(state: StateName): string {
  return `state ${Object.keys(providerStates).indexOf(state)}`;
}

/** The same probe for another managed client. */
export function forClient(probe: Probe, from: string, to: string): Probe {
  const [own, other] = [from, to].map((id) => `/${encodeURIComponent(id)}/`);
  const steps = probe.steps.map((step) => ({
    ...step,
    path: step.path.replace(own ?? '', () => other ?? ''),
  }));
  return { ...probe, steps };
}

/** What a probe needs to be allowed. */
export function permissionOf({ steps }: Probe): Permission {
  return steps.some(({ method }) => permissionFor(method) === 'write') ? 'write' : 'read';
}

/** The callers whose tokens a probe shows. */
export function callersOf({ steps }: Probe): string[] {
  return steps.flatMap(({ authorization }) => callerOf(authorization) ?? []);
}
