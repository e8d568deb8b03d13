import { describe } from '@jest/globals';

import type { Tool } from './tools.ts';

/** Declares tests that need a tool. If it is missing, each of them is skipped, under a name that gives the reason. */
export function describeWith({ name, missing }: Tool, body: () => void): void {
  const isThere = missing === undefined;
  const declare = isThere ? describe : describe.skip;
  // oxlint-disable-next-line jest/valid-describe-callback -- it is a function
  declare(isThere ? `with ${name}` : `without ${name}: ${missing}`, body);
}
