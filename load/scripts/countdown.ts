/** Milliseconds between two questions: three of them are more than a second. */
const PAUSE_MS = 350;

/** How often a promise is asked for at most before a silence. */
export const COUNTDOWN = 4;

/** A promise: when it was asked for, milliseconds since the epoch, and how many seconds it said; undefined where it said none. */
export interface Heard {
  readonly sentAt: number;
  readonly seconds: number | undefined;
}

/**
 * Asks, while everything is refused, until the promised seconds have just counted down. What is promised right after that
 * ends soonest after the truth: a service that rounds down or promises a second too little is caught by it, wherever it is
 * asked from. Any other moment may keep such a promise by luck; and so may this one where a service rounds to the nearest
 * second and answers take long.
 * @param ask sends a request that is refused as those before it
 */
export async function countDown(
  ask: () => Promise<Heard>,
  waitUntil: (time: number) => Promise<unknown>,
): Promise<void> {
  let before = await ask();
  for (let asked = 1; asked < COUNTDOWN && isCounting(before); asked++) {
    await waitUntil(before.sentAt + PAUSE_MS);
    const heard = await ask();
    if (endOf(heard) < endOf(before)) return;
    before = heard;
  }
}

/** From one second on down nothing is counted: that is the least a service says. */
function isCounting({ seconds }: Heard): boolean {
  return seconds !== undefined && seconds >= 2;
}

function endOf({ sentAt, seconds = 0 }: Heard): number {
  return sentAt + 1000 * seconds;
}
