export interface MediaType {
  /** `type/subtype`, lower case. */
  readonly essence: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const ESSENCE = new RegExp(`^(${TOKEN}/${TOKEN})\\s*(;.*)?$`);
const PARAMETER = new RegExp(`;\\s*(${TOKEN})=(?:(${TOKEN})|"([^"]*)")`, 'g');

/** Parses a Content-Type value (RFC 9110 §8.3.1). Returns undefined if it is not a media type. */
export function parseMediaType(value: string): MediaType | undefined {
  const match = ESSENCE.exec(value.trim());
  if (match?.[1] === undefined) return undefined;
  const parameters = new Map<string, string>();
  for (const [, name, token, quoted] of (match[2] ?? '').matchAll(PARAMETER)) {
    if (name !== undefined) parameters.set(name.toLowerCase(), token ?? quoted ?? '');
  }
  return { essence: match[1].toLowerCase(), parameters };
}
