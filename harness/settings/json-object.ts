import { readFileSync } from 'node:fs';

import type { HarnessError } from '../errors.ts';

type MakeUsageError = (problem: string) => HarnessError;

/**
 * Reads a file that contains one JSON object.
 * @param missing the result if the file does not exist; undefined makes that an error
 * @throws {HarnessError} made by `unusable`
 */
export function readJsonObject(
  file: string,
  unusable: MakeUsageError,
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
  return parseJsonObject(content, unusable);
}

/**
 * Reads a file that contains one JSON object with this `schemaVersion`.
 * @throws {HarnessError} made by `unusable`
 */
export function readVersionedJson(
  file: string,
  version: number,
  unusable: MakeUsageError,
): Record<string, unknown> {
  const content = readJsonObject(file, unusable);
  const { schemaVersion: found } = content;
  if (typeof found === 'number' && found !== version) {
    throw unusable(`it has schemaVersion ${found}, and this version reads ${version}`);
  }
  return content;
}

function parseJsonObject(content: string, unusable: MakeUsageError): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    throw unusable('it is not JSON');
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject) throw unusable('it is not a JSON object');
  return value as Record<string, unknown>;
}
