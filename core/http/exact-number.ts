/** A JSON number as it was written: most decimals are no doubles, and a service that keeps doubles changes them. */
export class NumberText {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;

/**
 * Parses a JSON text and keeps every number as it is written. Where the engine does not tell the source (k6 does not),
 * it is that of the double.
 * @throws {SyntaxError}
 */
export function parseNumbersAsText(text: string): unknown {
  return parse(text, (_, value, context) =>
    typeof value === 'number' ? new NumberText(context?.source ?? String(value)) : value,
  );
}

/** Are two numbers the same decimal, however they are written? `1.0` and `1`, `-0` and `0`, `1E2` and `100` are. */
export function isSameDecimal(one: NumberText, other: NumberText): boolean {
  return canonical(one.source) === canonical(other.source);
}

/** Do two numbers come to the same double? */
export function isSameDouble(one: NumberText, other: NumberText): boolean {
  return Number(one.source) === Number(other.source);
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** Significant digits and the power of ten behind them, such as `-123e-2`. */
function canonical(source: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(source) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign}${significant}e${power}`;
}
