/** The value of `--target` that selects the reference provider. */
export const REFERENCE = 'reference';

/** The value of `--k6-mirror` that disables downloads. */
export const OFF = 'off';

/** Parses the text of a setting. Returns undefined if it is invalid. */
export type Parse<T> = (text: string) => T | undefined;

export const parseText: Parse<string> = (text) => text || undefined;

export function oneOf<T extends string>(values: readonly T[]): Parse<T> {
  return (text) => values.find((value) => value === text);
}

/** A list separated by commas, in the order of the known values. */
export function listOf<T extends string>(values: readonly T[]): Parse<T[]> {
  return (text) => {
    const items = text.split(',').map((item) => item.trim());
    const known = values.filter((value) => items.includes(value));
    return known.length === new Set(items).size ? known : undefined;
  };
}

/** A base URL without `/beta`, credentials, query or final slash; or `reference`. */
export const parseTarget: Parse<string> = (text) => {
  if (text === REFERENCE) return text;
  if (!URL.canParse(text)) return undefined;
  const { protocol, username, password, search, hash, pathname } = new URL(text);
  const isPlain = username === '' && password === '' && search === '' && hash === '';
  const isBase = /^https?:$/.test(protocol) && !/\/beta\/*$/.test(pathname);
  return isPlain && isBase ? text.replace(/\/+$/, '') : undefined;
};

export const parseUrl: Parse<string> = (text) =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text : undefined;

export const parseMirror: Parse<string> = (text) =>
  text === OFF ? text : parseUrl(text)?.replace(/\/+$/, '');

/** A whole number within bounds. */
export function wholeNumber(minimum: number, maximum: number): Parse<number> {
  return (text) => {
    const number = Number(text);
    return /^(0|[1-9]\d{0,8})$/.test(text) && number >= minimum && number <= maximum ? number : undefined;
  };
}

const unitsMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** `90s` → milliseconds */
export const parseDuration: Parse<number> = (text) => {
  const [, count, unit = ''] = /^([1-9]\d{0,5})([smh])$/.exec(text) ?? [];
  const unitMs = unitsMs[unit];
  return unitMs === undefined ? undefined : Number(count) * unitMs;
};

export const parseSeed: Parse<number> = (text) => {
  const seed = Number(text);
  return /^-?\d+$/.test(text) && seed === (seed | 0) ? seed : undefined;
};

export const parseSwitch: Parse<boolean> = (text) =>
  text === 'true' ? true : text === 'false' ? false : undefined;
