import type { LoadTask } from '../scripts/trace.ts';

/** What a scenario is told where nothing particular is asked of it: a token that nobody renews, no keys, no probes. */
export const plainTask = {
  principal: 'load',
  tokens: ['own'],
  hasDoor: false,
  dimensions: [],
  drains: 0,
  probesAt: [],
  mode: 'judge',
} as const satisfies Partial<LoadTask>;
