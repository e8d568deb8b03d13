import { providerStates, type RelationName, type StateName } from '../../core/index.ts';
import { callerOf, permissionFor, type Permission, type Step } from '../../core/client/index.ts';

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
   * The first client prepares: the others start when it is done. What comes `afterwards` is sent when all are.
   */
  readonly clients?: readonly (number | 'afterwards')[];
  /**
   * How many of the last steps are sent again for as long as the relation objects and the service may still be about to
   * agree: where it promises to agree in the end only.
   */
  readonly settling?: number;
  /** A state of the target that the caller `state` needs. */
  readonly state?: StateName;
}

/** The name of the caller whose token a state gives: one for each state, for probes are under way side by side. */
export function stateCaller(state: StateName): string {
  return `state ${Object.keys(providerStates).indexOf(state)}`;
}

/** The same probe for another managed client. */
export function forClient(probe: Probe, from: string, to: string): Probe {
  const [own = '', other = ''] = [from, to].map(encodeURIComponent);
  const steps = probe.steps.map((step) => {
    const [before, segment = '', after] = step.path.split(/(?<=\/managed-clients\/)(.*)(?=\/status)/);
    // Cells of the path bend the id: it is part of what they send.
    return after === undefined
      ? step
      : { ...step, path: `${before}${segment.replace(own, () => other)}${after}` };
  });
  return { ...probe, steps };
}

/** Stands in the mark of a write for what tells this run from every other; a plan only depends on its seed. */
export const NONCE = '{run}';

export function withNonce(probe: Probe, nonce: string): Probe {
  const steps = probe.steps.map((step) =>
    step.body !== undefined && 'text' in step.body && step.body.text.includes(NONCE)
      ? { ...step, body: { text: step.body.text.replaceAll(NONCE, nonce) } }
      : step,
  );
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
