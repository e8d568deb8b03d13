import type { Cycle } from './identify.ts';
import type { Shot } from '../scripts/experiments.ts';

/** What became of the promises of a limiter. */
export interface Honesty {
  /** Refusals without a promise that can be used. */
  readonly silent: number;
  readonly refused: number;
  /** Promises that were waited for, and whether the service was there. */
  readonly kept: number;
  readonly broken: number;
  /** Seconds by which a promise was over when the service had been there for long; 0 where rounding explains it. */
  readonly lateBy: number;
  /** Whoever asks in vain is put off: refused requests count. */
  readonly recedes: boolean;
}

/** Rounding up to whole seconds explains less. */
const ROUNDING_S = 1;
const RECEDING_S = 1.7;

/** Compares what was promised with what came: by times of sending and receiving alone, so that no network can be to blame. */
export function honestyOf(cycles: readonly Cycle[]): Honesty {
  const inOrder = cycles.map((cycle) => cycle.toSorted((a, b) => a.sent - b.sent));
  const refused = inOrder.flat().filter(({ ok }) => !ok);
  const waited = inOrder.flatMap(promisesWaitedFor);
  return {
    silent: refused.filter(({ wait }) => wait === undefined).length,
    refused: refused.length,
    kept: waited.filter((isKept) => isKept).length,
    broken: waited.filter((isKept) => !isKept).length,
    lateBy: Math.max(0, ...inOrder.map(lateIn)),
    recedes: inOrder.some(isReceding),
  };
}

/** For each probe after silence: was the service there? Nothing was sent until every promise was over. */
function promisesWaitedFor(cycle: Cycle): boolean[] {
  return cycle.flatMap((probe, index) => {
    const promises = openPromises(cycle.slice(0, index)).map(
      ({ received, wait = 0, slack = 0 }) => received + wait + slack,
    );
    const isDue = probe.part === 'probe' && promises.length > 0 && probe.sent >= Math.max(...promises);
    return isDue ? [probe.ok] : [];
  });
}

/** The longest time that a promise still had to run when the service was there again. */
function lateIn(cycle: Cycle): number {
  const index = cycle.findIndex(({ part, ok }) => ok && (part === 'comb' || part === 'probe'));
  const served = cycle[index];
  if (served === undefined) return 0;
  const left = openPromises(cycle.slice(0, index)).map(
    ({ sent, wait = 0, slack = 0 }) => sent + wait - slack - served.received,
  );
  const slack = Math.max(0, ...left);
  return slack > ROUNDING_S ? slack : 0;
}

/** Refusals with a promise, since something was served. */
function openPromises(before: Cycle): Shot[] {
  const last = before.findLastIndex(({ ok }) => ok);
  return before.slice(last + 1).filter(({ ok, wait }) => !ok && wait !== undefined);
}

/** While probes were refused, the promise moved on. */
function isReceding(cycle: Cycle): boolean {
  const refused = cycle.filter(({ part, ok, wait }) => !ok && wait !== undefined && part !== 'probe');
  const [first] = refused;
  if (first === undefined) return false;
  const combed = refused.filter(({ part, sent }) => part === 'comb' && sent > first.sent);
  const earliest = Math.min(
    ...refused.filter(({ part }) => part === 'lump').map(({ received, wait = 0 }) => received + wait),
  );
  return combed.some(({ sent, wait = 0 }) => sent + wait > earliest + RECEDING_S);
}
