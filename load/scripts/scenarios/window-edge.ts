import { scenarioTimeoutS, WINDOW_EDGE, windowEdgeRequests } from '../../timing.ts';
import { read } from '../requests/send.ts';
import { waitUntil } from '../requests/wait.ts';
import { singleUser, type Scenario } from './scenario.ts';

/** A request that starts a window, a burst just before the end of the window, and a burst just after it. */
export const windowEdge: Scenario = {
  executor: ({ windowMs }) => singleUser(scenarioTimeoutS(2, windowMs, 60)),
  async run({ limit, windowMs }) {
    const start = Date.now();
    await read('window-edge', 'accept-or-limited');
    const received = Date.now();
    const count = windowEdgeRequests(limit);
    const intervalMs = (WINDOW_EDGE.burstShare * WINDOW_EDGE.before * windowMs) / count;
    const sendBurstAt = async (time: number, count: number): Promise<void> => {
      await waitUntil(time);
      const sent = Array.from({ length: count }, async (_, index) => {
        await waitUntil(time + index * intervalMs);
        return read('window-edge', 'accept-or-limited');
      });
      await Promise.all(sent);
    };
    await Promise.all([
      sendBurstAt(start + (1 - WINDOW_EDGE.before) * windowMs, count - 1),
      sendBurstAt(received + (1 + WINDOW_EDGE.after) * windowMs, count),
    ]);
  },
};
