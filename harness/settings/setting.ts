import { parseSwitch, parseText, type Parse } from './parsers.ts';

export type Topic =
  'Target' | 'Requests' | 'Contracts' | 'Broker' | 'Load' | 'Findings' | 'Output' | 'Provider' | 'Input';

/** A setting. Its flag, its key in mch.config.json and its environment variable follow from its key in the table. */
export interface Setting<T> {
  readonly topic: Topic;
  readonly help: string;
  /** The default as text; undefined if there is none. */
  readonly default?: string;
  /** The name of the value in the help. A switch has none. */
  readonly value?: string;
  /** An environment variable with another name. */
  readonly env?: string;
  /** Not read from the environment and the settings file. */
  readonly isFlagOnly?: true;
  /** The flag takes several values. `parse` receives one on each line. */
  readonly isVariadic?: true;
  /** Separates several values in an environment variable; default: a comma. */
  readonly separator?: string;
  /** An empty environment variable is an error, because the setting decides what is tested. Others count as absent. */
  readonly refusesEmpty?: true;
  /** The valid values, for an error message. */
  readonly expected: string;
  readonly parse: Parse<T>;
}

export const setting = <T>(definition: Setting<T>): Setting<T> => definition;

export const flag = (definition: Omit<Setting<boolean>, 'expected' | 'parse'>): Setting<boolean> => ({
  ...definition,
  expected: 'true or false',
  parse: parseSwitch,
});

export const text = (definition: Omit<Setting<string>, 'parse'>): Setting<string> => ({
  ...definition,
  parse: parseText,
});
