import type { ReadableType } from '../../core/index.ts';

/** Where requests go: a managed client that exists, and for which types it has ever reported. */
export interface Place {
  readonly client: string;
  /** Another one that exists, where one is known. */
  readonly second?: Pick<Place, 'client' | 'types'>;
  /** The first is what a request asks for that is not about types. */
  readonly types: readonly [ReadableType, ...ReadableType[]];
}
