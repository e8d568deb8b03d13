/** The text that replaces a secret in exchanges, reports and logs: `<user token>`. */
export function placeholder(name: string, kind: 'token' | 'secret'): string {
  return `<${name} ${kind}>`;
}

/** Matches a placeholder; the first group is the name. */
export const PLACEHOLDER = /<([\w-]+(?: [\w-]+)*) (?:token|secret)>/;
