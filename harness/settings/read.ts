import { usage } from '../errors.ts';
import { readJsonObject } from './json-object.ts';
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
}

/** Flag over environment over file. @throws {HarnessError} of kind usage */
export function readSettings({ flags, env, file }: Sources): Given {
  const fromFile = readFile(file);
  const entries = keys.flatMap((key) => {
    const { flagOnly }: Setting<unknown> = table[key];
    const sources: [string, unknown][] = [
      [`--${flagName(key)}`, flags[key]],
      ...(flagOnly ? [] : ([[envName(key), env[envName(key)] || undefined]] as [string, unknown][])),
      [`${key} in ${file}`, fromFile[key]],
    ];
    const given = sources.find(([, value]) => value !== undefined);
    return given === undefined ? [] : [[key, parse(key, ...given)]];
  });
  return Object.fromEntries(entries) as Given;
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
