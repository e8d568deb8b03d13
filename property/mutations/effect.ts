import { readJson, schemaErrors } from '../../core/index.ts';
import { bytesOf, type RequestSpec } from '../../core/client/index.ts';
import type { Effect } from './mutation.ts';

/**
 * Whether the bytes of a request have exactly the declared effect. A common cause of false findings in fuzzers is to
 * judge the response to a value that was not sent.
 */
export function hasDeclaredEffect(spec: RequestSpec, effect: Effect): boolean {
  if (effect.kind === 'unchecked') return true;
  const reading = readJson({ kind: 'bytes', bytes: bytesOf(spec.body) ?? new Uint8Array() });
  if (effect.kind === 'syntax-error') return reading.kind === 'unreadable';
  if (reading.kind === 'unreadable') return false;
  const sites = schemaErrors('ManagedClientStatus', reading.value).map(({ site }) => site);
  return effect.kind === 'valid' ? sites.length === 0 : sites.length === 1 && sites[0] === effect.site;
}
