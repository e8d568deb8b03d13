import { closest, distance } from 'fastest-levenshtein';

import { providerStates, type ProviderState } from '../../core/index.ts';
import type { NamedState } from '../pact-files/pact-file.ts';
import { isObject } from '../pact-files/parse-interaction.ts';

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
  if (!isObject(value)) return undefined;
  const mapped: MappedState[] = [];
  for (const [from, to] of Object.entries(value)) {
    const { state = to, params = {} } = Object(to) as { state?: unknown; params?: MappedState['params'] };
    if (typeof state !== 'string' || !isObject(params) || hasUnboundWord(from, params)) return undefined;
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

/** Whether a parameter repeats a `{word}` that the name does not have. */
function hasUnboundWord(from: string, params: object): boolean {
  const words: readonly string[] = from.match(WORD) ?? [];
  return Object.values(params)
    .flatMap((value: unknown) => (typeof value === 'string' ? (value.match(WORD) ?? []) : []))
    .some((word) => !words.includes(word));
}

const WORD = /\{[A-Za-z_]\w*\}/g;

/** A mapped name that differs from a state only by a few letters. */
export function misspeltName(state: string, mapping: readonly MappedState[]): string | undefined {
  return mapping.find(({ from }) => distance(from, state) <= MAX_MISSPELT_LETTERS)?.from;
}

const MAX_MISSPELT_LETTERS = 3;

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
  const names = [...text.matchAll(/\{([A-Za-z_]\w*)\}/g)].map(([, name = '']) => name);
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

const REACHABLE = Object.keys(providerStates).filter(
  (name) => !('unreachable' in (knownState(name)?.recipe ?? {})),
);

/** The state of the harness whose name is most similar, for a misspelt name. */
export function nearestState(name: string): string {
  return closest(name, Object.keys(providerStates));
}

/** Words in the names of other teams, and the state that they usually mean. The first match counts. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [
    /\b(token|authori[sz]ation|credentials?)\b.*\b(expired|invalid|bad|wrong|not valid)|\b(expired|invalid|bad|wrong) (token|credentials?)/i,
    'the access token is not valid',
  ],
  [
    /\b(no|without|missing)\b.*\b(token|credentials?|authori[sz]ation)|\b(anonymous|unauthenticated)\b/i,
    'the caller shows no token',
  ],
  [/\b(quota|rate|limit|throttl\w*|too many)\b/i, 'the quota of the caller is used up'],
  [/\b(no|not|missing|unknown|absent|never|without|n't)\b/i, 'the managed client does not exist'],
  [/\b(may|can|accepts?|ready|allowed)\b/i, 'the managed client may be reported by the caller'],
];

/** A state that an unknown name may mean, for a suggestion. */
export function suggestedState(name: string): string {
  const words = wordsIn(name);
  const common = (other: string): number => wordsIn(other).filter((word) => words.includes(word)).length;
  const alike = REACHABLE.filter((other) => common(other) >= MIN_COMMON_WORDS);
  if (alike.length > 0) return closest(name, alike);
  return meanings.find(([pattern]) => pattern.test(name))?.[1] ?? 'the managed client has reported';
}

/** Names with fewer words in common are not about the same thing. */
const MIN_COMMON_WORDS = 3;

function wordsIn(text: string): string[] {
  return [...new Set(text.toLowerCase().match(/[a-z0-9]{3,}/g))];
}
