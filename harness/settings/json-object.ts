import { readFileSync } from 'node:fs';

import type { HarnessError } from '../errors.ts';

/** Makes the error for what is wrong with a file. */
type Unusable = (problem: string) => HarnessError;

/**
 * Reads a file of a user's that holds one JSON object.
 * @param missing what a file that is not there stands for; without it that is an error as well
 * @throws {HarnessError} that `unusable` makes
 */
export function readJsonObject(
  file: string,
  unusable: Unusable,
  missing?: Record<string, unknown>,
): Record<string, unknown> {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && missing !== undefined) return missing;
    throw unusable(code);
  }
  return parseObject(content, unusable);
}

function parseObject(content: string, unusable: Unusable): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    throw unusable('it is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw unusable('it is no JSON object');
  return value as Record<string, unknown>;
}
