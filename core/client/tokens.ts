import { request } from 'undici';

import { placeholder, type PrincipalName } from '../index.ts';

/** Where a principal's tokens come from. */
export type TokenSource =
  | { readonly kind: 'credentials'; readonly clientId: string; readonly clientSecret: string }
  | { readonly kind: 'ready'; readonly token: string };

export type TokenSources = Partial<Record<PrincipalName, TokenSource>>;

/** The token endpoint did not give a token. */
export class TokenRefusedError extends Error {
  override readonly name = 'TokenRefusedError';
  readonly principal: string;
  readonly reason: string;

  constructor(principal: string, reason: string, options?: ErrorOptions) {
    super(`no token for ${principal}: ${reason}`, options);
    this.principal = principal;
    this.reason = reason;
  }
}

interface Held {
  readonly token: string;
  /** Milliseconds since the epoch; never, as far as is known, for a ready token. */
  readonly expiresAt: number;
  /** From when on another one is asked for. */
  readonly renewAt: number;
}

const forever = { expiresAt: Infinity, renewAt: Infinity } as const;

/** Shorter texts occur in answers by chance: masking them would garble answers and look like a leak. */
const SHORTEST_SECRET = 8;

/** Who goes on for long asks again at least so often. */
const FRESH_MS = 300_000;

/** Asking anew this long before the end keeps a token from dying under way. */
const MARGIN_MS = 30_000;

/** All secrets of a run: hands out tokens by name, and takes every one of them out of texts. */
export class TokenBook {
  readonly #sources: TokenSources;
  readonly #tokenUrl: string;
  readonly #now: () => number;
  readonly #held = new Map<string, Promise<Held>>();
  readonly #secrets = new Map<string, string>();

  constructor(sources: TokenSources, tokenUrl: string, now: () => number) {
    this.#sources = sources;
    this.#tokenUrl = tokenUrl;
    this.#now = now;
    for (const [name, source] of Object.entries(sources)) {
      if (source.kind === 'credentials') this.hide(source.clientSecret, placeholder(name, 'secret'));
    }
  }

  has(name: string): boolean {
    return name in this.#sources || this.#held.has(name);
  }

  canRefresh(name: string): boolean {
    return this.#sources[name as PrincipalName]?.kind === 'credentials';
  }

  /** Puts a token under a name of its own; a provider state made it. */
  adopt(name: string, token: string): void {
    this.hide(token, placeholder(name, 'token'));
    this.#held.set(name, Promise.resolve({ token, ...forever }));
  }

  /** A valid token of a caller. @throws {TokenRefusedError} */
  async token(name: string): Promise<string> {
    const { token, renewAt } = await (this.#held.get(name) ?? this.#start(name));
    return this.#now() < renewAt ? token : this.renew(name, token);
  }

  /** A valid token, and how many milliseconds it need not be asked for again. @throws {TokenRefusedError} */
  async fresh(name: string): Promise<{ token: string; freshForMs: number }> {
    const token = await this.token(name);
    const held = await this.#held.get(name);
    return { token, freshForMs: Math.min(FRESH_MS, (held?.renewAt ?? Infinity) - this.#now()) };
  }

  /** Another token than the stale one, asked for once by all who need it. @throws {TokenRefusedError} */
  async renew(name: string, stale: string): Promise<string> {
    const before = this.#held.get(name) ?? this.#start(name);
    const held = await before;
    if (held.token !== stale) return held.token;
    const now = this.#held.get(name);
    return (await (now === undefined || now === before ? this.#start(name) : now)).token;
  }

  /** One more token of a principal, beside the one that it has. @throws {TokenRefusedError} */
  async another(name: string): Promise<string> {
    return (await this.#ask(name)).token;
  }

  /** Should a token still be good, by the life it was given? */
  async isAlive(name: string, token: string): Promise<boolean> {
    const held = await this.#held.get(name);
    return held?.token === token && this.#now() < held.expiresAt;
  }

  /** Lets a text be taken out of answers as well: a spoilt form of a token still tells most of it. */
  hide(secret: string, shown: string): void {
    if (secret.length >= SHORTEST_SECRET) this.#secrets.set(secret, shown);
  }

  /** Takes every known token and secret out of a text. */
  mask(text: string): string {
    let masked = text;
    for (const [secret, name] of this.#secrets) {
      if (masked.includes(secret)) masked = masked.replaceAll(secret, name);
    }
    return masked;
  }

  #start(name: string): Promise<Held> {
    const asked = this.#ask(name);
    this.#held.set(name, asked);
    asked.catch(() => this.#held.delete(name));
    return asked;
  }

  async #ask(name: string): Promise<Held> {
    const source = this.#sources[name as PrincipalName];
    if (source === undefined) throw new TokenRefusedError(name, 'no credentials were given');
    const held =
      source.kind === 'ready' ? { token: source.token, ...forever } : await this.#mint(name, source);
    this.hide(held.token, placeholder(name, 'token'));
    return held;
  }

  async #mint(name: string, source: TokenSource & { kind: 'credentials' }): Promise<Held> {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: source.clientId,
      client_secret: source.clientSecret,
    });
    const reply = await post(this.#tokenUrl, form.toString()).catch((cause: unknown) => {
      throw new TokenRefusedError(name, `${this.#tokenUrl} does not answer`, { cause });
    });
    if (reply.status !== 200)
      throw new TokenRefusedError(name, `the token endpoint answered ${reply.status}`);
    const { access_token: token, expires_in: life } = readToken(reply.text) ?? {};
    if (typeof token !== 'string')
      throw new TokenRefusedError(name, 'the token endpoint gave no access_token');
    const lifeMs = typeof life === 'number' ? life * 1000 : Infinity;
    const expiresAt = this.#now() + lifeMs;
    return { token, expiresAt, renewAt: expiresAt - Math.min(MARGIN_MS, lifeMs / 5) };
  }
}

async function post(url: string, body: string): Promise<{ status: number; text: string }> {
  const reply = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body,
    headersTimeout: 10_000,
    bodyTimeout: 10_000,
  });
  return { status: reply.statusCode, text: await reply.body.text() };
}

function readToken(text: string): { access_token?: unknown; expires_in?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
