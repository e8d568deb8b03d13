import { read } from '../send.ts';
import { waitUntil } from '../wait.ts';
import { alone, type Scenario } from './scenario.ts';

/** Shares of the quota at the beginning and at the end, and windows from one to the other. */
const FROM = 0.2;
const TO = 3;
const WINDOWS = 6;

/** A rate that rises until somebody is refused: one window is violated, not all that would follow. */
export const breakpoint: Scenario = {
  executor: ({ windowMs }) => alone(60 + (2 * WINDOWS * windowMs) / 1000),
  async run({ limit, windowMs }) {
    let limited = false;
    const underWay: Promise<void>[] = [];
    const start = Date.now();
    let due = start;
    // oxlint-disable-next-line no-unmodified-loop-condition -- an answer sets it
    while (!limited && due < start + WINDOWS * windowMs) {
      await waitUntil(due);
      underWay.push(
        read('breakpoint', 'accept-or-limited').then(({ status }) => {
          limited ||= status === 429;
        }),
      );
      const share = FROM + ((TO - FROM) * (due - start)) / (WINDOWS * windowMs);
      due += windowMs / (share * limit);
    }
    await Promise.all(underWay);
  },
};
