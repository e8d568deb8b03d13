/**
 * The first member name that occurs twice in one object of a JSON text, as a path such as `type` or `body/id`. Parsers keep
 * only one of the values, and not all the same one (RFC 8259 §4). Undefined if there is none, or if the text is not JSON.
 */
export function repeatedMember(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  const path: string[] = [];
  let name = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      path.push(name);
      open.push(token === '{' ? new Set() : undefined);
      name = '';
    } else if (token === '}' || token === ']') {
      open.pop();
      path.pop();
    } else if (token.endsWith(':')) {
      name = nameIn(token);
      const names = open.at(-1);
      if (names?.has(name)) return [...path.slice(1), name].filter((part) => part !== '').join('/');
      names?.add(name);
    }
  }
  return undefined;
}

/** Brackets, and strings with the colon that makes them names. The alternatives exclude each other, so it is linear. */
const TOKEN = /[{}[\]]|"(?:[^"\\]|\\.)*"(?:[ \t\r\n]*:)?/g;

function nameIn(token: string): string {
  const text = token.replace(/[ \t\r\n]*:$/, '');
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
