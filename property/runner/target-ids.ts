import type { ReadableType } from '../../core/index.ts';

export interface ManagedClientIds {
  readonly managedClient: string;
  /** The types that the managed client has reported. Requests that are not about types use the first. */
  readonly types: readonly [ReadableType, ...ReadableType[]];
}

/** The managed clients that requests are sent to. */
export interface TargetIds extends ManagedClientIds {
  readonly second?: ManagedClientIds;
}
