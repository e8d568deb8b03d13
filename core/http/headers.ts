import type { HeaderLine } from './exchange.ts';

/** All values of a header field, in order. Names are case-insensitive (RFC 9110 §5.1). */
export function headerValues(headers: readonly HeaderLine[], name: string): string[] {
  const wanted = name.toLowerCase();
  return headers.filter(([key]) => key.toLowerCase() === wanted).map(([, value]) => value);
}

/** The first value of a header field, or undefined. */
export function headerValue(headers: readonly HeaderLine[], name: string): string | undefined {
  return headerValues(headers, name)[0];
}
