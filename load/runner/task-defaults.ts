import type { LoadTask } from '../scripts/load-task.ts';

/** The values of a task without special options: one token that is not renewed, no partition keys, no probes. */
export const taskDefaults = {
  principal: 'load',
  tokens: ['own'],
  hasTokenServer: false,
  partitionKeys: [],
  maxExhaustions: 0,
  probesAt: [],
  mode: 'judge',
} as const satisfies Partial<LoadTask>;
