import { isSafeMethod } from '../index.ts';

/** The actions on a target that a user can permit. */
export type Permission = 'read' | 'write' | 'load';
export const permissionNames: readonly Permission[] = ['read', 'write', 'load'];

/** A request was about to be sent without permission. This is a defect of the harness: layers check before they plan. */
export class NotPermittedError extends Error {
  override readonly name = 'NotPermittedError';
}

export function permissionFor(method: string): Permission {
  return isSafeMethod(method) ? 'read' : 'write';
}

/**
 * Decides what may be sent. The sender checks every request, including those of Pact's verifier, which come through the
 * verifier proxy. The load layer checks before it starts k6, whose requests it cannot intercept.
 */
export class Permissions {
  readonly #allowed: ReadonlySet<Permission>;

  constructor(allowed: Iterable<Permission>) {
    this.#allowed = new Set(allowed);
  }

  allows(permission: Permission): boolean {
    return this.#allowed.has(permission);
  }

  /** @throws {NotPermittedError} */
  require(permission: Permission): void {
    if (!this.allows(permission)) throw new NotPermittedError(`${permission} is not allowed on this target`);
  }
}
