import { UnknownStateError } from '../../contracts/index.ts';
import { withoutCredentials } from '../../core/node/index.ts';
import { usage } from '../errors.ts';
import { readJsonObject } from './json-object.ts';
import { checkNames } from './known-names.ts';
import { definitionOf, envName, flagName, table, type Key } from './table.ts';

type ValueOf<K extends Key> = Exclude<ReturnType<(typeof table)[K]['parse']>, undefined>;

/** The settings that the user gave, parsed. Others are absent. */
export type Given = { readonly [K in Key]?: ValueOf<K> | undefined };

export const SETTINGS_FILE = 'mch.config.json';

export interface SettingsSources {
  /** The flags as commander parsed them. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The settings file, which need not exist. */
  readonly file: string;
  /** The settings that the command reads. */
  readonly reads: readonly Key[];
  /** Values of the environment and the file that the command ignores, because they are meant for `mch run`. */
  readonly ignores?: { readonly [K in Key]?: (value: string) => boolean };
}

/** Reads settings. A flag takes precedence over the environment, and that over the file. @throws {HarnessError} */
export function readSettings({ flags, env, file, reads, ignores = {} }: SettingsSources): Given {
  checkNames(env);
  const fromFile = readSettingsFile(file);
  const entries = reads.flatMap((key) => {
    const sources: [string, unknown][] = [
      [`--${flagName(key)}`, flags[key]],
      [envName(key), flags[key] === undefined ? fromEnvironment(key, env) : undefined],
      [`${key} in ${file}`, fromFile[key]],
    ];
    const isIgnored = ignores[key];
    const given = sources.find(
      ([, value], index) => value !== undefined && !(index > 0 && isIgnored?.(textOf(key, value)) === true),
    );
    return given === undefined ? [] : [[key, parseSetting(key, ...given)]];
  });
  return Object.fromEntries(entries) as Given;
}

/** GitHub sets the variable of a missing secret to an empty text. */
function fromEnvironment(key: Key, env: SettingsSources['env']): string | undefined {
  const { isFlagOnly, refusesEmpty } = definitionOf(key);
  const name = envName(key);
  const value = isFlagOnly ? undefined : env[name];
  if (value?.trim() === '' && refusesEmpty) throw usage('setting.empty', { name });
  return value || undefined;
}

function parseSetting(key: Key, name: string, value: unknown): unknown {
  const { parse, expected } = definitionOf(key);
  const text = textOf(key, value);
  try {
    const parsed = parse(text);
    if (parsed !== undefined) return parsed;
  } catch (error) {
    if (!(error instanceof UnknownStateError)) throw error;
    throw usage('states.unknown', { name, state: error.message, nearest: error.nearest });
  }
  throw usage('setting.invalid', { name, value: withoutCredentials(text), expected });
}

/** The text of a value: a flag or variable is text, and the settings file may contain lists and objects. */
function textOf(key: Key, value: unknown): string {
  const { isVariadic, separator = ',' } = definitionOf(key);
  // A value of a list may contain commas.
  if (isVariadic) return (Array.isArray(value) ? value : String(value).split(separator)).join('\n');
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function readSettingsFile(file: string): Readonly<Record<string, unknown>> {
  const settings = readJsonObject(file, (problem) => usage('setting.file', { file, problem }), {});
  for (const key of Object.keys(settings)) {
    if (!Object.hasOwn(table, key)) throw usage('setting.unknown', { name: key, file });
    if (definitionOf(key as Key).isFlagOnly) throw usage('setting.flag-only', { name: key, file });
  }
  return settings;
}
