import * as fc from 'fast-check';

import type { ReadableType } from '../../core/index.ts';
import type { Step } from '../../core/client/index.ts';
import { canonical } from '../runner/base-report.ts';
import { Marks } from '../runner/write-ids.ts';
import type { Place } from '../runner/target-ids.ts';
import type { Probe } from '../runner/test-case.ts';
import { getStep } from '../runner/requests.ts';
import { writeStep } from '../triage/control-request.ts';
import { seedFor } from '../runner/seeds.ts';

/** How a service keeps what it is told: at once for all, or in the end. */
export type Consistency = 'linearizable' | 'eventual';

export interface HistoryOptions {
  readonly seed: number;
  readonly place: Place;
  readonly histories: number;
  readonly consistency: Consistency;
}

const CLIENTS = 4;
const OPERATIONS = 24;

/** Instants of histories lie apart from those of every other write of a run. */
const EPOCH = Date.UTC(2022, 0, 1);

/**
 * Histories: four clients read and write the same records at once. Each write has a mark and an instant of its own, so
 * that what was read tells which write it was, and whether it was torn. One write of every type comes first.
 */
export function historyProbes({ seed, place, histories, consistency }: HistoryOptions): Probe[] {
  const run = seedFor(seed, 'histories') >>> 0;
  const plans = fc.sample(planArbitrary(place), { seed: run, numRuns: histories });
  const marks = new Marks(`${run}-h`, EPOCH);
  const write = (type: ReadableType): Step =>
    writeStep(place, marks.mark({ ...canonical, type, body: {} }), 'history');
  return plans.map((plan, index): Probe => {
    const prepared = place.types.map((type) => ({ client: CLIENTS, step: write(type) }));
    const planned = plan.map(({ client, type, isWrite }) => ({
      client,
      step: isWrite ? write(type) : getStep({ place, query: `?type=${type}`, expectation: 'accept' }),
    }));
    // Where a service agrees in the end, the end is part of the history.
    const isEventual = consistency === 'eventual';
    const last = isEventual
      ? place.types.map((type) => ({
          client: 'afterwards' as const,
          step: getStep({ place, query: `?type=${type}`, expectation: 'accept' }),
        }))
      : [];
    const all = [...prepared, ...planned, ...last];
    return {
      what: `history-${index}`,
      family: 'history',
      steps: all.map(({ step }) => step),
      clients: all.map(({ client }) => client),
      relation: isEventual ? 'eventual-history' : 'history',
      ...(isEventual && { settling: last.length }),
    };
  });
}

function planArbitrary({ types }: Place) {
  const operation = fc.record({
    client: fc.nat({ max: CLIENTS - 1 }),
    type: fc.constantFrom(...types),
    isWrite: fc.boolean(),
  });
  return fc.array(operation, { minLength: OPERATIONS, maxLength: OPERATIONS });
}
