/**
 * The text that replaces a secret in exchanges, reports and logs: `<user token>`.
 * @param form how the secret was encoded
 */
export function placeholder(name: string, kind: 'token' | 'secret', form?: string): string {
  return form === undefined ? `<${name} ${kind}>` : `<${name} ${kind} in ${form}>`;
}

/** Matches a placeholder; the groups are the name and the form. */
export const PLACEHOLDER = /<([\w-]+(?: [\w-]+)*) (?:token|secret)(?: in ([\w ]+))?>/;
