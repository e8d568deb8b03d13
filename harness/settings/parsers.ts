import type { HeaderLine } from '../../core/index.ts';

/** The value of `--target` that selects the reference provider. */
export const REFERENCE = 'reference';

/** The value that disables an option: downloads of k6, work in progress. */
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

/** Whether the source of pacts is a URL and not a file. */
export function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

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

/** The values of a variadic setting. */
export const parseLines: Parse<string[]> = (text) => text.split('\n');

export const parseRegExp: Parse<RegExp> = (text) => {
  try {
    return new RegExp(text);
  } catch {
    return undefined;
  }
};

/** The value of JSON text; undefined if it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

type IsValid = (value: unknown) => boolean;
const isName: IsValid = (value) => typeof value === 'string' && value.trim() !== '';
const isTrue: IsValid = (value) => value === true;

/** The keys of Pact's consumer version selectors with their values. */
const selectorKeys: Readonly<Record<string, IsValid>> = {
  branch: isName,
  mainBranch: isTrue,
  matchingBranch: isTrue,
  deployed: isTrue,
  released: isTrue,
  deployedOrReleased: isTrue,
  environment: isName,
  tag: isName,
  latest: (value) => typeof value === 'boolean',
  fallbackTag: isName,
  fallbackBranch: isName,
  consumer: isName,
};

export const SELECTOR_KEYS = Object.keys(selectorKeys);

/** One selector or a list, as Pact's verifier accepts them. */
export const parseSelectors: Parse<object[]> = (text) => {
  const list = [parseJson(text)].flat();
  return list.length > 0 && list.every(isSelector) ? list : undefined;
};

function isSelector(one: unknown): one is object {
  if (typeof one !== 'object' || one === null) return false;
  const entries = Object.entries(one);
  const isValid = ([name, value]: [string, unknown]): boolean =>
    Object.hasOwn(selectorKeys, name) && selectorKeys[name]?.(value) === true;
  return entries.length > 0 && entries.every(isValid);
}

export function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2})?)?$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** `/beta/` → `/beta` */
export const parseBasePath: Parse<string> = (text) =>
  /^\/[^?#\s]*$/.test(text) ? text.replace(/\/+$/, '') : undefined;

/** Lines of `Name: value`, or `Name=value` as in Pact's verifier. A token is a secret and does not belong in an argument. */
export const parseHeaders: Parse<HeaderLine[]> = (text) => {
  const lines = text.split('\n').map((line) => /^([!#$%&'*+.^_`|~\w-]+)(?::\s*|=)(.*)$/.exec(line));
  const headers = lines.flatMap((match) =>
    match === null ? [] : [[match[1] ?? '', match[2] ?? ''] as const],
  );
  const isComplete = headers.length === lines.length;
  return isComplete && headers.every(([name]) => !/^authorization$/i.test(name)) ? headers : undefined;
};
