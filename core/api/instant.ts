/** A point in time with all digits of its fraction, which a number of milliseconds cannot hold. */
export interface Instant {
  /** Whole seconds since the epoch. */
  readonly seconds: number;
  /** The digits of the fraction without final zeros. */
  readonly fraction: string;
}

const DATE_TIME = /^(\d{4}-\d\d-\d\d)t(\d\d:\d\d:)(\d\d)(?:\.(\d+))?(z|[+-]\d\d:\d\d)$/i;

/** Reads a date-time of RFC 3339. A leap second counts as the second after it. Undefined for other texts. */
export function parseInstant(text: string): Instant | undefined {
  const [, date = '', minute = '', second = '', fraction = '', zone = ''] = DATE_TIME.exec(text) ?? [];
  const isLeap = second === '60';
  const milliseconds = Date.parse(`${date}T${minute}${isLeap ? '59' : second}${zone.toUpperCase()}`);
  if (Number.isNaN(milliseconds)) return undefined;
  return { seconds: milliseconds / 1000 + (isLeap ? 1 : 0), fraction: fraction.replace(/0+$/, '') };
}

/** The kind of difference between two instants. */
export type InstantChange = 'fraction' | 'beyond-microseconds' | 'hours' | 'other';

/** How a received instant differs from the sent one, compared to the precision that was sent; undefined if it does not. */
export function instantChange(sent: Instant, received: Instant): InstantChange | undefined {
  const difference = picoseconds(received) - picoseconds(sent);
  if (difference === 0n) return undefined;
  const distance = difference < 0n ? -difference : difference;
  if (distance < MICROSECOND) return 'beyond-microseconds';
  if (distance < SECOND) return 'fraction';
  // Offsets and daylight saving shift by quarters of an hour.
  return distance % QUARTER === 0n ? 'hours' : 'other';
}

const DIGITS = 12;
const MICROSECOND = 1_000_000n;
const SECOND = 1_000_000n * MICROSECOND;
const QUARTER = 900n * SECOND;

function picoseconds({ seconds, fraction }: Instant): bigint {
  return BigInt(seconds) * SECOND + BigInt(fraction.slice(0, DIGITS).padEnd(DIGITS, '0'));
}
