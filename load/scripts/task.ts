import type { LoadTask } from './load-task.ts';

/** The task of this process. No other module reads the environment of k6. */
export const task = JSON.parse(__ENV['MCH_LOAD'] ?? '{}') as LoadTask;
