/** A text that reveals a secret. */
export interface SecretForm {
  /** Undefined for the secret itself. */
  readonly name: string | undefined;
  readonly text: string;
}

/** Shorter parts of a secret occur in responses by chance. */
const MIN_PART_LENGTH = 16;

/** The forms in which software returns a secret: echoed headers, logs, error pages and debuggers encode it differently. */
export function formsOf(secret: string): SecretForm[] {
  const bytes = Buffer.from(secret, 'utf8');
  const half = Math.ceil(secret.length / 2);
  const forms: SecretForm[] = [
    { name: undefined, text: secret },
    // Bodies are searched byte by byte.
    { name: undefined, text: bytes.toString('latin1') },
    { name: 'URL encoding', text: encodeURIComponent(secret) },
    { name: 'URL encoding', text: secret.replaceAll(/[^]/gu, percentEncoded) },
    ...base64Forms(bytes).map((text) => ({ name: 'base64', text })),
    { name: 'hexadecimal digits', text: bytes.toString('hex') },
    { name: 'HTML escapes', text: secret.replaceAll(/[&<>"']/g, (found) => HTML_ESCAPES[found] ?? found) },
    { name: 'JSON escapes', text: JSON.stringify(secret).slice(1, -1) },
    { name: 'JSON escapes', text: secret.replaceAll('/', String.raw`\/`) },
    { name: 'JSON escapes', text: secret.replaceAll(/[&<>+'/=]/g, unicodeEscape) },
    ...[secret.slice(0, half), secret.slice(half)]
      .filter(({ length }) => length >= MIN_PART_LENGTH)
      .map((text) => ({ name: 'a half', text })),
  ];
  const texts = forms.map(({ text }) => text);
  return forms.filter(({ text }, index) => texts.indexOf(text) === index);
}

const HTML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function percentEncoded(character: string): string {
  return Buffer.from(character, 'utf8').toString('hex').replaceAll(/../g, '%$&');
}

function unicodeEscape(character: string): string {
  return String.raw`\u` + character.charCodeAt(0).toString(16).padStart(4, '0');
}

/**
 * The base64 texts that any text with the secret has, such as `Bearer …` or `id:secret`: one per position within a group of
 * three bytes, without the characters that also encode neighbours.
 */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const whole = padded.subarray(0, padded.length - (padded.length % 3)).toString('base64');
    const inner = whole.slice(before === 0 ? 0 : 4);
    if (inner.length < MIN_PART_LENGTH) return [];
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** Line breaks and their escapes, which split a long text. */
const BREAK = String.raw`(?:\s|\\[nrt])`;
const BREAKS = new RegExp(BREAK, 'g');

/** Replaces one secret, in all its forms, in texts. */
export class SecretMask {
  readonly #replacement: (form: string | undefined) => string;
  readonly #forms: readonly (SecretForm & { readonly lower: string })[];
  readonly #plain: string;

  /** @param forms the forms to find; by default all */
  constructor(
    secret: string,
    replacement: (form: string | undefined) => string,
    forms: readonly SecretForm[] = formsOf(secret),
  ) {
    this.#plain = secret;
    this.#replacement = replacement;
    this.#forms = forms.map((form) => ({ ...form, lower: form.text.toLowerCase() }));
  }

  /** @param joined the lower-case text without breaks */
  isIn(lower: string, joined: string): boolean {
    return this.#forms.some((form) => lower.includes(form.lower)) || this.#isWrapped(lower, joined);
  }

  mask(text: string): string {
    let masked = this.#maskWrapped(text);
    for (const { name, text: form, lower } of this.#forms) {
      if (masked.includes(form)) masked = masked.replaceAll(form, this.#replacement(name));
      if (form.length < MIN_PART_LENGTH || !masked.toLowerCase().includes(lower)) continue;
      const changed = name ?? 'another case';
      masked = masked.replaceAll(new RegExp(escaped(form), 'gi'), () => this.#replacement(changed));
    }
    return masked;
  }

  #maskWrapped(text: string): string {
    const lower = text.toLowerCase();
    if (!this.#isWrapped(lower, withoutBreaks(lower))) return text;
    const characters = Array.from(this.#plain, escaped);
    const wrapped = new RegExp(characters.join(`${BREAK}*`), 'gi');
    return text.replaceAll(wrapped, () => this.#replacement('several lines'));
  }

  #isWrapped(lower: string, joined: string): boolean {
    const plain = this.#plain.toLowerCase();
    return joined.length < lower.length && joined.includes(plain) && !lower.includes(plain);
  }
}

/** A text without line breaks, blanks and their escapes. */
export function withoutBreaks(text: string): string {
  return text.replaceAll(BREAKS, '');
}

/** A text as a part of a regular expression. */
function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
