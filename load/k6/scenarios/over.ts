import { read } from '../send.ts';
import { waitUntil } from '../wait.ts';
import { alone, type Scenario } from './scenario.ts';

const FAST_MS = 1000 / 150;
// Around the limit the pace drops, so that the count of accepted requests is exact although answers take time.
const SLOW_MS = 1000 / 45;
const SLOW_ZONE = [0.8, 1.2] as const;
/** Three times the quota without a 429 is no limit. */
const MOST = 3;

/** An open-loop burst from rest that ends when a 429 was received. */
export const over: Scenario = {
  executor: () => alone(90),
  async run({ limit }) {
    let limited = false;
    const underWay: Promise<void>[] = [];
    let at = Date.now();
    // oxlint-disable-next-line no-unmodified-loop-condition -- an answer sets it
    for (let sent = 0; sent < MOST * limit && !limited; sent++) {
      await waitUntil(at);
      underWay.push(
        read('over', 'accept-or-limited').then(({ status }) => {
          limited ||= status === 429;
        }),
      );
      const isSlow = sent >= SLOW_ZONE[0] * limit && sent < SLOW_ZONE[1] * limit;
      at += isSlow ? SLOW_MS : FAST_MS;
    }
    await Promise.all(underWay);
  },
};
