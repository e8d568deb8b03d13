/** Date and time, with a space allowed instead of `T` because section 5.6 mentions it, and minutes of the offset optional. */
const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)[t ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:z|([+-])(\d\d)(?::?(\d\d))?)$/i;

const MAX_OFFSET_HOURS = 23;
const MINUTES_PER_DAY = 24 * 60;

/**
 * Whether a text is a date-time of RFC 3339, the format `date-time` of JSON Schema. Leap seconds are valid only at the end of
 * a day in UTC. ajv-formats has the same result but accepts any white space before the time, and the regular expressions
 * of its other formats would take most of the start of k6.
 */
export function isDateTime(text: string): boolean {
  const [, year, month, day, hour, minute, second, sign, offsetHours = 0, offsetMinutes = 0] =
    DATE_TIME.exec(text) ?? [];
  if (year === undefined || Number(day) < 1 || Number(day) > daysIn(Number(year), Number(month)))
    return false;
  const isTime = Number(hour) <= 23 && Number(minute) <= 59 && Number(second) <= 60;
  const isOffset = Number(offsetHours) <= MAX_OFFSET_HOURS && Number(offsetMinutes) <= 59;
  if (!isTime || !isOffset) return false;
  if (Number(second) < 60) return true;
  const offset = (sign === '-' ? -1 : 1) * (60 * Number(offsetHours) + Number(offsetMinutes));
  const minuteInUtc = 60 * Number(hour) + Number(minute) - offset;
  return (minuteInUtc + MINUTES_PER_DAY) % MINUTES_PER_DAY === MINUTES_PER_DAY - 1;
}

/** 0 for an invalid month. */
function daysIn(year: number, month: number): number {
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (month === 2) return isLeapYear ? 29 : 28;
  if (month < 1 || month > 12) return 0;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
