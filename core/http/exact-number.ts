/** A JSON number as it was written. Most decimals are not doubles, so a service that stores doubles changes them. */
export class ExactNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;

/**
 * Parses a JSON text and keeps every number as it was written. Engines without source text access, such as k6, give
 * the number as a double prints.
 * @throws {SyntaxError}
 */
export function parseWithExactNumbers(text: string): unknown {
  return parse(text, (_, value, context) =>
    typeof value === 'number' ? new ExactNumber(context?.source ?? String(value)) : value,
  );
}

/** Whether two numbers are the same decimal: `1.0` and `1`, `-0` and `0`, `1E2` and `100` are. */
export function isSameDecimal(one: ExactNumber, other: ExactNumber): boolean {
  return canonical(one.source) === canonical(other.source);
}

/** Whether two numbers round to the same double. */
export function isSameDouble(one: ExactNumber, other: ExactNumber): boolean {
  return Number(one.source) === Number(other.source);
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** The significant digits and the power of ten, such as `-123e-2`. */
function canonical(source: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(source) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign}${significant}e${power}`;
}
