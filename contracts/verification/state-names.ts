import { closest } from 'fastest-levenshtein';

import { providerStates, type ProviderState } from '../../core/index.ts';
import type { NamedState } from '../pact-files/pact-file.ts';

/** A team's own state name and the state of the harness that it stands for. */
export interface MappedState {
  /** The name in the pacts. `{word}` matches any text, which `params` may repeat. */
  readonly from: string;
  readonly to: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** The mapping names a state that the harness does not have. */
export class UnknownStateError extends Error {
  override readonly name = 'UnknownStateError';
  readonly nearest: string;

  constructor(state: string) {
    super(state);
    this.nearest = nearestState(state);
  }
}

/**
 * Reads a mapping such as `{"a gateway exists": "the managed client has reported"}`. A value may also be an object with
 * `state` and `params`.
 * @returns undefined if it has another structure
 * @throws {UnknownStateError}
 */
export function parseStateMapping(value: unknown): MappedState[] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const mapped: MappedState[] = [];
  for (const [from, to] of Object.entries(value)) {
    const { state = to, params = {} } = Object(to) as { state?: unknown; params?: MappedState['params'] };
    if (typeof state !== 'string') return undefined;
    if (knownState(state) === undefined) throw new UnknownStateError(state);
    mapped.push({ from, to: state, params });
  }
  return mapped;
}

/** A state of the harness; undefined for other names. */
export function knownState(name: string): ProviderState | undefined {
  return Object.hasOwn(providerStates, name)
    ? (providerStates as Record<string, ProviderState>)[name]
    : undefined;
}

/** The state of the harness that a state of a pact is mapped to; otherwise the state itself. */
export function mapState(state: NamedState, mapping: readonly MappedState[]): NamedState {
  for (const { from, to, params } of mapping) {
    const match = patternOf(from).exec(state.name);
    if (match !== null) {
      const own = Object.entries(params).map(([name, value]) => [name, filled(value, match.groups ?? {})]);
      return { name: to, params: { ...state.params, ...Object.fromEntries(own) } };
    }
  }
  return state;
}

/** `gateway {id} exists` → `^gateway (?<id>.+) exists$` */
function patternOf(text: string): RegExp {
  const escaped = text
    .split(/\{\w+\}/)
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`));
  const names = [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const isRepeated = (name: string, index: number): boolean => names.indexOf(name) !== index;
  const groups = names.map((name, index) =>
    isRepeated(name, index) ? String.raw`\k<${name}>` : `(?<${name}>.+)`,
  );
  return new RegExp(`^${escaped.map((part, index) => part + (groups[index] ?? '')).join('')}$`, 's');
}

function filled(value: unknown, groups: Readonly<Record<string, string>>): unknown {
  return typeof value === 'string'
    ? value.replaceAll(/\{(\w+)\}/g, (all, name: string) => groups[name] ?? all)
    : value;
}

/** The state of the harness whose name is most similar, for a suggestion. Words count more than letters. */
export function nearestState(name: string): string {
  const names = Object.keys(providerStates);
  const words = wordsIn(name);
  const common = (other: string): number => wordsIn(other).filter((word) => words.includes(word)).length;
  const most = Math.max(...names.map(common));
  return closest(name, most === 0 ? names : names.filter((other) => common(other) === most));
}

function wordsIn(text: string): string[] {
  return [...new Set(text.toLowerCase().match(/[a-z0-9]{3,}/g))];
}
