import type { Details } from '../codes.ts';

/** The texts of a finding. */
export interface FindingTexts {
  /** A headline that is clear without context. */
  readonly title: string;
  readonly received: string;
  readonly documented: string;
}

/** Makes the texts of a finding from its details. */
export type Wording = (details: Details) => FindingTexts;

/** Defines a wording by its three texts. */
export const wording =
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
