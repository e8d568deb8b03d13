/** What may be done to a target. */
export type Permission = 'read' | 'write' | 'load';
export const permissions: readonly Permission[] = ['read', 'write', 'load'];

/** Thrown where code tries to send what was not allowed: a layer forgot to ask first. */
export class NotPermittedError extends Error {
  override readonly name = 'NotPermittedError';
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

export function permissionFor(method: string): Permission {
  return SAFE_METHODS.has(method) ? 'read' : 'write';
}

/**
 * The one place that says whether something may be sent. The sender asks before every request, Pact's traffic
 * included, which comes through the tap; k6 cannot be stopped by us, so the load layer asks before it starts it.
 */
export class Guard {
  readonly #allowed: ReadonlySet<Permission>;

  constructor(allowed: Iterable<Permission>) {
    this.#allowed = new Set(allowed);
  }

  allows(permission: Permission): boolean {
    return this.#allowed.has(permission);
  }

  /** @throws {NotPermittedError} */
  ask(permission: Permission): void {
    if (!this.allows(permission)) throw new NotPermittedError(`${permission} is not allowed on this target`);
  }
}

/** Does a host name mean this machine? Only literal loopback addresses and `localhost` do: a name may resolve anywhere. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
