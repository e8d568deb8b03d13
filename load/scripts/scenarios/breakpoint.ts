import { RISE } from '../breakpoint-plan.ts';
import { untilRefused } from '../open-loop.ts';
import type { LoadTask } from '../trace.ts';
import { alone, type Scenario } from './scenario.ts';

/** A rate that rises until somebody is refused: one window is violated, not all that would follow. */
export const breakpoint: Scenario = {
  executor: ({ windowMs }) => alone(60 + (2 * RISE.windows * windowMs) / 1000),
  async run(task) {
    await untilRefused('breakpoint', risingDues(task));
  },
};

function risingDues({ limit, windowMs }: LoadTask): number[] {
  const { from, to, windows } = RISE;
  const start = Date.now();
  const dues: number[] = [];
  for (let due = start; due < start + windows * windowMs;) {
    dues.push(due);
    const share = from + ((to - from) * (due - start)) / (windows * windowMs);
    due += windowMs / (share * limit);
  }
  return dues;
}
