import { describe } from '@jest/globals';

import type { Tool } from './tools.ts';

/** Declares tests that need a tool. Without the tool they are skipped, and their name contains the reason. */
export function describeWith({ name, missing }: Tool, body: () => void): void {
  const declare = missing === undefined ? describe : describe.skip;
  // oxlint-disable-next-line jest/valid-describe-callback -- it is a function
  declare(missing === undefined ? `with ${name}` : `without ${name}: ${missing}`, body);
}
