import { readFile } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';

import { parseDocument } from 'yaml';

/** The document cannot be read or compared. The message is a clause without a full stop. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
}

const MAX_BYTES = 20_000_000;
/** Documents are data of others, so their depth, and the size after all references are replaced, have limits. */
const MAX_DEPTH = 100;
const MAX_VALUES = 500_000;

/** A value of a document with the file that contains it. References are relative to the file. */
export interface Located {
  readonly value: unknown;
  readonly file: string;
}

/**
 * Reads a document of one or many files. It resolves only what is asked for, and collects problems that do not prevent the
 * comparison: references to nowhere or to the network, and text that a strict YAML parser rejects.
 */
export class DocumentReader {
  readonly ignored = new Set<string>();
  readonly #files = new Map<string, unknown>();
  readonly #names = new WeakMap<object, string>();
  readonly #folder: string;
  #values = 0;

  /** @param file the document; files outside its folder are not read */
  constructor(file: string) {
    this.#folder = resolve(dirname(file));
  }

  /** The name of a resolved schema, which is the last part of its reference; undefined for an inline schema. */
  nameOf(schema: unknown): string | undefined {
    return typeof schema === 'object' && schema !== null ? this.#names.get(schema) : undefined;
  }

  /** Reads a file. @throws {DocumentError} */
  async read(file: string): Promise<unknown> {
    if (this.#files.has(file)) return this.#files.get(file);
    const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      throw new DocumentError(`${file} is not readable: ${cause.code ?? cause.message}`, { cause });
    });
    if (text.length > MAX_BYTES)
      throw new DocumentError(`${file} is larger than ${MAX_BYTES / 1_000_000} MB`);
    const value = this.#parse(text.replace(/^\uFEFF/, ''), file);
    this.#files.set(file, value);
    return value;
  }

  /** JSON is parsed on its own, because the YAML parser takes ten times longer. */
  #parse(text: string, file: string): unknown {
    if (/^\s*[{[]/.test(text)) {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        // Flow style of YAML begins with the same characters.
      }
    }
    try {
      const document = parseDocument(text, { strict: false, uniqueKeys: false, logLevel: 'silent' });
      const [error] = document.errors;
      if (error !== undefined) this.ignored.add(`${file}: ${error.message.split('\n')[0]}`);
      return document.toJS() as unknown;
    } catch (cause) {
      const { message } = cause instanceof Error ? cause : new Error(String(cause));
      throw new DocumentError(`${file} is not YAML: ${message.split('\n')[0]}`, { cause });
    }
  }

  /** Follows the reference of a value, if it is one. A reference to nowhere becomes an empty object. @throws {DocumentError} */
  async follow({ value, file }: Located): Promise<Located> {
    const reference = referenceIn(value);
    if (reference === undefined) return { value, file };
    const [path = '', pointer = ''] = reference.split('#');
    if (/^[a-z][\w+.-]*:/i.test(path)) return this.#ignore(reference, file);
    try {
      const target = path === '' ? file : resolve(dirname(file), decodeURIComponent(path));
      if (!resolve(target).startsWith(`${this.#folder}${sep}`)) return this.#ignore(reference, file);
      const found = at(await this.read(target), pointer);
      if (found === undefined) return this.#ignore(reference, file);
      return { value: found, file: target };
    } catch (error) {
      // decodeURIComponent throws a URIError.
      if (error instanceof DocumentError || error instanceof URIError) return this.#ignore(reference, file);
      throw error;
    }
  }

  #ignore(reference: string, file: string): Located {
    this.ignored.add(`${file}: nothing is at ${reference}`);
    return { value: {}, file };
  }

  /** Replaces all references below a value. @throws {DocumentError} if a schema contains itself */
  async resolve(located: Located, within: readonly string[] = [], depth = 0): Promise<unknown> {
    const { value, file } = located;
    this.#values += 1;
    if (depth > MAX_DEPTH || this.#values > MAX_VALUES) {
      throw new DocumentError(`${file} is nested too deeply or too large when its references are replaced`);
    }
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return this.#resolveAll(value, file, { within, depth });
    const reference = referenceIn(value);
    const siblings = Object.entries(value).filter(([name]) => reference === undefined || name !== '$ref');
    const values = await this.#resolveAll(
      siblings.map(([, one]) => one as unknown),
      file,
      { within, depth },
    );
    const own = Object.fromEntries(siblings.map(([name], index) => [name, values[index]]));
    if (reference === undefined) return own;
    const target = await this.follow(located);
    const key = `${target.file} ${reference.split('#')[1] ?? ''}`;
    if (within.includes(key)) throw new DocumentError('a schema of the operations contains itself');
    const resolved = await this.resolve(target, [...within, key], depth + 1);
    const merged = typeof resolved === 'object' && resolved !== null ? { ...resolved, ...own } : resolved;
    if (typeof merged === 'object' && merged !== null) this.#names.set(merged, nameIn(reference));
    return merged;
  }

  async #resolveAll(
    values: readonly unknown[],
    file: string,
    { within, depth }: { readonly within: readonly string[]; readonly depth: number },
  ): Promise<unknown[]> {
    const resolved: unknown[] = [];
    for (const value of values) resolved.push(await this.resolve({ value, file }, within, depth + 1));
    return resolved;
  }
}

function referenceIn(value: unknown): string | undefined {
  const { $ref } = Object(value) as { $ref?: unknown };
  return typeof $ref === 'string' ? $ref : undefined;
}

/** The value at a JSON pointer, RFC 6901. */
function at(document: unknown, pointer: string): unknown {
  const parts = pointer
    .split('/')
    .slice(1)
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'));
  return parts.reduce<unknown>(
    (value, part) =>
      Object.hasOwn(Object(value) as object, part) ? (value as Record<string, unknown>)[part] : undefined,
    document,
  );
}

/** `../schemas/ManagedClientStatus.yaml` or `#/components/schemas/ManagedClientStatus` → `ManagedClientStatus` */
function nameIn(reference: string): string {
  return (reference.split('/').at(-1) ?? '').replace(/\.(json|ya?ml)$/i, '').replace(/^.*#/, '');
}
