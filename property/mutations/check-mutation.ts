import { readJson, schemaErrors } from '../../core/index.ts';
import { bytesOf, type Step } from '../../core/client/index.ts';
import type { Breaks } from './mutation.ts';

/**
 * Does what goes on the wire break exactly what the cell says? Asked of the bytes, after rendering:
 * most false alarms of fuzzers judge an answer to a value that was never sent.
 */
export function breaksAsSaid(step: Step, breaks: Breaks): boolean {
  if (breaks.kind === 'unchecked') return true;
  const reading = readJson({ kind: 'bytes', bytes: bytesOf(step.body) ?? new Uint8Array() });
  if (breaks.kind === 'syntax') return reading.kind === 'unreadable';
  if (reading.kind === 'unreadable') return false;
  const sites = schemaErrors('ManagedClientStatus', reading.value).map(({ site }) => site);
  return breaks.kind === 'nothing' ? sites.length === 0 : sites.length === 1 && sites[0] === breaks.site;
}
