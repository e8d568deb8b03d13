import { placeholder, type PrincipalName } from '../index.ts';
import { SecretMask, withoutBreaks } from './secret-forms.ts';
import { expiryOf, readTokenAnswer } from './token-answer.ts';
import { sendOnce, type WireRequest } from './transport.ts';

/** The source of a principal's tokens. */
export type TokenSource =
  | { readonly kind: 'credentials'; readonly clientId: string; readonly clientSecret: string }
  | { readonly kind: 'ready'; readonly token: string };

export type TokenSources = Partial<Record<PrincipalName, TokenSource>>;

/** No token could be obtained. */
export class TokenRequestError extends Error {
  override readonly name = 'TokenRequestError';
  readonly principal: string;
  readonly reason: string;

  constructor(principal: string, reason: string, options?: ErrorOptions) {
    super(`no token for ${principal}: ${reason}`, options);
    this.principal = principal;
    this.reason = reason;
  }
}

interface StoredToken {
  readonly token: string;
  /** Milliseconds since the epoch. Infinity for a ready token, whose lifetime is unknown. */
  readonly expiresAt: number;
  /** The time from which a new token is requested. */
  readonly renewAt: number;
}

const UNLIMITED = { expiresAt: Infinity, renewAt: Infinity } as const;

/** Shorter texts occur in responses by chance. Masking them would corrupt responses and look like a leak. */
const MIN_SECRET_LENGTH = 8;

/** The longest time for which a token is reported as fresh. */
const MAX_FRESH_MS = 300_000;

/** A token is renewed this long before it expires, so that it does not expire during a request. */
const RENEWAL_MARGIN_MS = 30_000;

/** The text that replaces a secret. */
type Replacement = (form: string | undefined) => string;

/** Stores the tokens and secrets of a run: provides tokens by name of the caller and masks all secrets in texts. */
export class TokenStore {
  readonly #sources: TokenSources;
  readonly #tokenUrl: string;
  readonly #now: () => number;
  readonly #signal: AbortSignal;
  readonly #stored = new Map<string, Promise<StoredToken>>();
  readonly #secrets = new Map<string, SecretMask>();

  constructor(
    sources: TokenSources,
    tokenUrl: string,
    now: () => number,
    signal = new AbortController().signal,
  ) {
    this.#signal = signal;
    this.#sources = sources;
    this.#tokenUrl = tokenUrl;
    this.#now = now;
    for (const [name, source] of Object.entries(sources)) {
      if (source.kind === 'credentials') this.addSecret(source.clientSecret, replacementFor(name, 'secret'));
    }
  }

  has(name: string): boolean {
    return name in this.#sources || this.#stored.has(name);
  }

  /** Whether a new token can be requested. */
  canRenew(name: string): boolean {
    return this.#sources[name as PrincipalName]?.kind === 'credentials';
  }

  /** Stores a token that a provider state created, under a name of its own. */
  add(name: string, token: string): void {
    this.addSecret(token, replacementFor(name, 'token'));
    this.#stored.set(name, Promise.resolve({ token, ...UNLIMITED }));
  }

  /**
   * A valid token of a caller.
   * @throws {TokenRequestError}
   */
  async token(name: string): Promise<string> {
    const { token, renewAt } = await (this.#stored.get(name) ?? this.#start(name));
    return this.#now() < renewAt ? token : this.renew(name, token);
  }

  /**
   * A valid token with the milliseconds for which it need not be requested again.
   * @throws {TokenRequestError}
   */
  async tokenWithLifetime(name: string): Promise<{ token: string; freshForMs: number }> {
    const token = await this.token(name);
    const stored = await this.#stored.get(name);
    return { token, freshForMs: Math.min(MAX_FRESH_MS, (stored?.renewAt ?? Infinity) - this.#now()) };
  }

  /**
   * Replaces a rejected token. Concurrent calls share one request.
   * @throws {TokenRequestError}
   */
  async renew(name: string, rejected: string): Promise<string> {
    const before = this.#stored.get(name) ?? this.#start(name);
    const stored = await before;
    if (stored.token !== rejected) return stored.token;
    const now = this.#stored.get(name);
    return (await (now === undefined || now === before ? this.#start(name) : now)).token;
  }

  /**
   * Requests an additional token of a principal.
   * @throws {TokenRequestError}
   */
  async additionalToken(name: string): Promise<string> {
    return (await this.#request(name)).token;
  }

  /** Whether a token has not expired yet, according to its lifetime. False if the lifetime is unknown. */
  async isAlive(name: string, token: string): Promise<boolean> {
    const stored = await this.#stored.get(name);
    return stored?.token === token && Number.isFinite(stored.expiresAt) && this.#now() < stored.expiresAt;
  }

  /** Adds a secret to mask in all forms in which a target may return it. */
  addSecret(secret: string, replacement: Replacement): void {
    if (secret.length >= MIN_SECRET_LENGTH && !this.#secrets.has(secret)) {
      this.#secrets.set(secret, new SecretMask(secret, replacement));
    }
  }

  /** Adds a mutated token. It still contains most of the valid one, whose parts are masked as well. */
  addMutatedToken(token: string, replacement: Replacement): void {
    if (token.length >= MIN_SECRET_LENGTH && !this.#secrets.has(token)) {
      this.#secrets.set(token, new SecretMask(token, replacement, [{ name: undefined, text: token }]));
    }
  }

  /** Replaces all known tokens and secrets in a text. */
  mask(text: string): string {
    const lower = text.toLowerCase();
    const joined = withoutBreaks(lower);
    let masked = text;
    for (const secret of this.#secrets.values()) {
      if (secret.isIn(lower, joined)) masked = secret.mask(masked);
    }
    return masked;
  }

  #start(name: string): Promise<StoredToken> {
    const requested = this.#request(name);
    this.#stored.set(name, requested);
    requested.catch(() => this.#stored.delete(name));
    return requested;
  }

  async #request(name: string): Promise<StoredToken> {
    const source = this.#sources[name as PrincipalName];
    if (source === undefined) throw new TokenRequestError(name, 'no credentials are configured');
    const stored =
      source.kind === 'ready'
        ? { token: source.token, ...UNLIMITED }
        : await this.#requestToken(name, source);
    this.addSecret(stored.token, replacementFor(name, 'token'));
    return stored;
  }

  async #requestToken(name: string, source: TokenSource & { kind: 'credentials' }): Promise<StoredToken> {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: source.clientId,
      client_secret: source.clientSecret,
    });
    const answer = await sendOnce(new URL(this.#tokenUrl), tokenRequest(this.#tokenUrl, form), this.#signal);
    const reply = readTokenAnswer(answer);
    if ('problem' in reply) throw new TokenRequestError(name, `${this.#tokenUrl}: ${reply.problem}`);
    const { token, lifetimeMs } = reply;
    const expiresAt = this.#now() + Math.min(lifetimeMs ?? Infinity, expiryOf(token) - this.#now());
    const left = expiresAt - this.#now();
    return { token, expiresAt, renewAt: expiresAt - Math.min(RENEWAL_MARGIN_MS, left / 5) };
  }
}

function replacementFor(name: string, kind: 'token' | 'secret'): Replacement {
  return (form) => placeholder(name, kind, form);
}

function tokenRequest(url: string, form: URLSearchParams): WireRequest {
  const { pathname, search } = new URL(url);
  return {
    method: 'POST',
    path: `${pathname}${search}`,
    headers: [
      ['Content-Type', 'application/x-www-form-urlencoded'],
      ['Accept', 'application/json'],
    ],
    body: Buffer.from(form.toString()),
  };
}
