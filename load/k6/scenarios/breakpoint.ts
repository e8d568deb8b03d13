import { untilRefused } from '../open-loop.ts';
import type { LoadTask } from '../trace.ts';
import { alone, type Scenario } from './scenario.ts';

/** Shares of the quota at the beginning and at the end, and windows from one to the other. */
const FROM = 0.2;
const TO = 3;
const WINDOWS = 6;

/** A rate that rises until somebody is refused: one window is violated, not all that would follow. */
export const breakpoint: Scenario = {
  executor: ({ windowMs }) => alone(60 + (2 * WINDOWS * windowMs) / 1000),
  async run(task) {
    await untilRefused('breakpoint', risingDues(task));
  },
};

function risingDues({ limit, windowMs }: LoadTask): number[] {
  const start = Date.now();
  const dues: number[] = [];
  for (let due = start; due < start + WINDOWS * windowMs;) {
    dues.push(due);
    const share = FROM + ((TO - FROM) * (due - start)) / (WINDOWS * windowMs);
    due += windowMs / (share * limit);
  }
  return dues;
}
