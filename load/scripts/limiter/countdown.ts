import { COUNTDOWN_PAUSE_MS, MAX_COUNTDOWN_REQUESTS } from '../../timing.ts';

/** A throttled request and the seconds of its Retry-After, undefined if it has none. */
export interface CountdownReading {
  readonly sentAt: number;
  readonly seconds: number | undefined;
}

/**
 * Sends requests while the quota is exhausted, until Retry-After has just decreased. A deadline announced at that moment is
 * the most demanding one: if a service rounds down or announces a second too little, it ends before the recovery,
 * while at other moments such a deadline may be correct by chance.
 * @param send sends a request that is throttled
 */
export async function observeCountdown(
  send: () => Promise<CountdownReading>,
  waitUntil: (time: number) => Promise<unknown>,
): Promise<void> {
  let previous = await send();
  for (let sent = 1; sent < MAX_COUNTDOWN_REQUESTS && isCounting(previous); sent++) {
    await waitUntil(previous.sentAt + COUNTDOWN_PAUSE_MS);
    const reading = await send();
    if (endOf(reading) < endOf(previous)) return;
    previous = reading;
  }
}

/** One second is the smallest value, which does not decrease further. */
function isCounting({ seconds }: CountdownReading): boolean {
  return seconds !== undefined && seconds >= 2;
}

function endOf({ sentAt, seconds = 0 }: CountdownReading): number {
  return sentAt + 1000 * seconds;
}
