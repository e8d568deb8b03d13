import type { Details } from '../check-result.ts';

export interface Words {
  readonly title: string;
  readonly received: string;
  readonly documented: string;
}

/** Makes the words for a finding from its data. */
export type Wording = (details: Details) => Words;

/** @param documented what was promised instead */
export const says =
  (
    title: string,
    received: (details: Details) => string,
    documented: string | ((details: Details) => string),
  ): Wording =>
  (details) => ({
    title,
    received: received(details),
    documented: typeof documented === 'string' ? documented : documented(details),
  });
