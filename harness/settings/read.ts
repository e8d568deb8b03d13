import { usage } from '../errors.ts';
import { readJsonObject } from './json-object.ts';
import { checkNames } from './known-names.ts';
import { envName, flagName, keys, table, type Key, type Setting } from './table.ts';

type ValueOf<K extends Key> = Exclude<ReturnType<(typeof table)[K]['read']>, undefined>;

/** The settings that somebody gave, read and checked; what nobody gave is absent. */
export type Given = { readonly [K in Key]?: ValueOf<K> };

export interface Sources {
  /** What commander made of the command line. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The settings file; it does not have to be there. */
  readonly file: string;
  /** The settings that the command reads; all of them if not given. */
  readonly reads?: readonly Key[];
}

/** Flag over environment over file. @throws {HarnessError} of kind usage */
export function readSettings({ flags, env, file, reads = keys }: Sources): Given {
  checkNames(env);
  const fromFile = readFile(file);
  const entries = reads.flatMap((key) => {
    const sources: [string, unknown][] = [
      [`--${flagName(key)}`, flags[key]],
      [envName(key), flags[key] === undefined ? fromEnvironment(key, env) : undefined],
      [`${key} in ${file}`, fromFile[key]],
    ];
    const given = sources.find(([, value]) => value !== undefined);
    return given === undefined ? [] : [[key, parse(key, ...given)]];
  });
  return Object.fromEntries(entries) as Given;
}

/** In GitHub, a variable that does not exist becomes an empty text. */
function fromEnvironment(key: Key, env: Sources['env']): string | undefined {
  const { flagOnly, refusesEmpty }: Setting<unknown> = table[key];
  const name = envName(key);
  const value = flagOnly ? undefined : env[name];
  if (value?.trim() === '' && refusesEmpty) throw usage('setting.empty', { name });
  return value || undefined;
}

function parse(key: Key, name: string, value: unknown): unknown {
  const { read, wanted }: Setting<unknown> = table[key];
  const text = Array.isArray(value) ? value.join(',') : String(value);
  const parsed = read(text);
  if (parsed === undefined) throw usage('setting.invalid', { name, value: withoutCredentials(text), wanted });
  return parsed;
}

/** A URL that was refused for its password must not print it. */
function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/]*@/, '//…@');
}

function readFile(file: string): Readonly<Record<string, unknown>> {
  const settings = readJsonObject(file, (problem) => usage('setting.file', { file, problem }), {});
  for (const key of Object.keys(settings)) {
    if (!Object.hasOwn(table, key)) throw usage('setting.unknown', { name: key, file });
    const { flagOnly }: Setting<unknown> = table[key as Key];
    if (flagOnly) throw usage('setting.flag-only', { name: key, file });
  }
  return settings;
}
