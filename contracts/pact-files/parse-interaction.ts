import { numberIn } from '../../core/node/index.ts';
import type { NamedState, PactInteraction, Written } from './pact-file.ts';

/** The versions of the Pact specification that differ in the structure of an interaction. */
export type SpecificationVersion = 'before 4' | '4';

const HTTP = 'Synchronous/HTTP';

/**
 * Reads an interaction with the defaults of Pact: `GET /`, status 200, no states.
 * @param index the position in the pact
 */
export function parseInteraction(
  value: unknown,
  index: number,
  version: SpecificationVersion,
): PactInteraction {
  const written = objectIn(value);
  const { description, pending, type, _id: id } = written;
  const request = objectIn(written['request']);
  const response = objectIn(written['response']);
  const plugin = pluginOf(written);
  return {
    kind: isObject(value) ? kindOf(written, plugin) : 'malformed',
    // Pact gives the same name to an interaction without a description.
    description: typeof description === 'string' ? description : `Interaction ${index}`,
    states: statesIn(written),
    request: {
      method: textIn(request['method'], 'GET').toUpperCase(),
      path: textIn(request['path'], '/'),
      query: queryIn(request['query']),
    },
    response: {
      status: numberIn(response['status']) ?? 200,
      hasStatusRule: isObject(objectIn(response['matchingRules'])['status']),
      body: version === '4' ? objectIn(response['body'])['content'] : response['body'],
    },
    // Other versions have no pending interactions.
    isPending: version === '4' && pending === true,
    id: typeof id === 'string' ? id : undefined,
    plugin,
    // Pact ignores interactions of version 4 without a type.
    written: version === '4' && type === undefined ? { ...written, type: HTTP } : written,
  };
}

function kindOf(
  { type, request, response, contents }: Written,
  plugin: string | undefined,
): PactInteraction['kind'] {
  const isHttp = type === HTTP || (type === undefined && !(contents !== undefined && request === undefined));
  if (!isHttp || (request === undefined && response === undefined)) return isHttp ? 'malformed' : 'message';
  return plugin === undefined ? 'http' : 'plugin';
}

/** A plugin writes its configuration or another transport into an interaction. */
function pluginOf({ pluginConfiguration, transport }: Written): string | undefined {
  const [name] = Object.keys(objectIn(pluginConfiguration));
  if (name !== undefined) return name;
  return typeof transport === 'string' && !/^https?$/.test(transport) ? transport : undefined;
}

/** The states of any version: a list of objects, a text, or the names of older libraries. */
function statesIn({ providerStates, providerState, provider_state: oldState }: Written): NamedState[] {
  if (Array.isArray(providerStates)) return providerStates.flatMap(stateIn);
  return [providerStates ?? providerState ?? oldState].flatMap(stateIn);
}

function stateIn(value: unknown): NamedState[] {
  if (typeof value === 'string') return value === '' ? [] : [{ name: value }];
  const { name, params } = objectIn(value);
  if (typeof name !== 'string' || name === '') return [];
  return [isObject(params) ? { name, params } : { name }];
}

/** A query is a text, or an object of texts or lists. */
function queryIn(query: unknown): Record<string, readonly string[]> {
  if (typeof query === 'string') {
    const parameters = new URLSearchParams(query);
    return Object.fromEntries([...parameters.keys()].map((name) => [name, parameters.getAll(name)]));
  }
  const entries = Object.entries(objectIn(query));
  return Object.fromEntries(
    entries.map(([name, value]) => [name, [value].flat().map((one) => textIn(one, ''))]),
  );
}

function textIn(value: unknown, fallback: string): string {
  if (typeof value === 'string') return value;
  return numberIn(value) === undefined && typeof value !== 'boolean' ? fallback : JSON.stringify(value);
}

export function isObject(value: unknown): value is Written {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value if it is an object, otherwise an empty one. */
export function objectIn(value: unknown): Written {
  return isObject(value) ? value : {};
}
