import { closest, distance } from 'fastest-levenshtein';

import { principalNames } from '../../core/index.ts';
import { usage } from '../errors.ts';
import { credentialNames } from './credentials.ts';
import { definitionOf, envName, keys } from './table.ts';

/** Variables of the repository's scripts. */
const SCRIPT_NAMES = ['MCH_UPDATE_PACTS', 'MCH_UPDATE_DOCS'];

const flagOnlyNames = keys.filter((key) => definitionOf(key).isFlagOnly).map(envName);

const knownNames: readonly string[] = [
  ...keys.filter((key) => !definitionOf(key).isFlagOnly).map(envName),
  ...principalNames.flatMap((name) => Object.values(credentialNames(name))),
  'SAIL_TOKEN_URL',
  ...SCRIPT_NAMES,
];

/** A `SAIL_` name with more different letters belongs to another tool. */
const MAX_MISSPELT_LETTERS = 3;

/**
 * Rejects environment variables that look like settings, so that a misspelt one is not ignored.
 * @throws {HarnessError} of kind usage, with the nearest name
 */
export function checkNames(env: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(env).toSorted()) {
    if (knownNames.includes(name)) continue;
    if (flagOnlyNames.includes(name)) throw usage('setting.flag-only', { name, file: 'The environment' });
    if (name.startsWith('MCH_')) {
      throw usage('setting.unknown-variable', { name, near: closest(name, settingNames('MCH_')) });
    }
    const near = name.startsWith('SAIL_') ? closest(name, settingNames('SAIL_')) : undefined;
    const isMisspelt =
      near !== undefined && distance(name, near) <= MAX_MISSPELT_LETTERS && env[near] === undefined;
    if (isMisspelt) throw usage('setting.unknown-variable', { name, near });
  }
}

function settingNames(prefix: string): string[] {
  return knownNames.filter((name) => name.startsWith(prefix) && !SCRIPT_NAMES.includes(name));
}
