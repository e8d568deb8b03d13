import type { Quota } from '../index.ts';

/** What is judged, and what is known of it. */
export interface Target {
  /** Without `/beta` and without a slash at the end. */
  readonly baseUrl: string;
  readonly kind: 'reference' | 'loopback' | 'remote';
  /** An id that exists. */
  readonly managedClient: string;
  /** The promised limit. */
  readonly quota: Quota;
  /** The target's own Pact state endpoint, if it has one. */
  readonly stateUrl: string | undefined;
}
