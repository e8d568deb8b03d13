import type { LoadTask } from './trace.ts';

/** The one reader of the environment in k6. */
export const task = JSON.parse(__ENV['MCH_LOAD'] ?? '{}') as LoadTask;
