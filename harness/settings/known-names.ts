import { closest, distance } from 'fastest-levenshtein';

import { principalNames } from '../../core/index.ts';
import { usage } from '../errors.ts';
import { credentialNames } from './credentials.ts';
import { envName, keys, table, type Setting } from './table.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Read by the scripts of the repository. */
const SCRIPT_NAMES = ['MCH_UPDATE_PACTS', 'MCH_UPDATE_README'];

const known: readonly string[] = [
  ...keys.filter((key) => !(table[key] as Setting<unknown>).flagOnly).map(envName),
  ...principalNames.flatMap((name) => Object.values(credentialNames(name))),
  'SAIL_TOKEN_URL',
  ...SCRIPT_NAMES,
];

/** Beyond this many changed letters, a name of the `SAIL_` family belongs to another tool. */
const MAX_MISSPELT_LETTERS = 3;

/**
 * Refuses environment variables that look like settings and are none: a run must not ignore what its user meant.
 * @throws {HarnessError} of kind usage, with the nearest name
 */
export function checkNames(env: Env): void {
  for (const name of Object.keys(env).toSorted()) {
    if (known.includes(name)) continue;
    if (name === envNameOfYes) throw usage('setting.flag-only', { name, file: 'The environment' });
    if (name.startsWith('MCH_'))
      throw usage('setting.unknown-variable', { name, near: closest(name, own('MCH_')) });
    const near = name.startsWith('SAIL_') ? closest(name, own('SAIL_')) : undefined;
    const isMisspelt =
      near !== undefined && distance(name, near) <= MAX_MISSPELT_LETTERS && env[near] === undefined;
    if (isMisspelt) throw usage('setting.unknown-variable', { name, near });
  }
}

const envNameOfYes = envName('yes');

function own(prefix: string): string[] {
  return known.filter((name) => name.startsWith(prefix) && !SCRIPT_NAMES.includes(name));
}
