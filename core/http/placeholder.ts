/** What stands in exchanges, reports and logs instead of a secret: `<user token>`. */
export function placeholder(name: string, kind: 'token' | 'secret'): string {
  return `<${name} ${kind}>`;
}

/** Finds placeholders in a text; the first group is the name. */
export const PLACEHOLDER = /<([\w-]+(?: [\w-]+)*) (?:token|secret)>/;
