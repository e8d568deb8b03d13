import type { Exchange } from '../../http/exchange.ts';
import { readText } from '../../http/read-body.ts';
import { violation } from '../check-result.ts';
import { markOf, marksOf } from './write-id.ts';
import { receivedObject } from './json-bodies.ts';
import type { Relation } from './relation.ts';

/**
 * Reads, a write that is rejected, read again: nothing may have changed. Reads that change by themselves, or show yet
 * another write, say something else, which is judged where reads and histories are.
 */
export const rejectedWrite: Relation = {
  judge(exchanges) {
    const write = exchanges.find(({ request }) => request.method === 'POST');
    if (write?.answer.kind !== 'response' || write.answer.status < 400) return [];
    const reads = exchanges.filter((one) => one !== write).map(receivedObject);
    const [first, ...others] = reads.flatMap((one) => (one === undefined ? [] : [one]));
    const second = others.pop();
    if (first === undefined || second === undefined || others.length < exchanges.length - 3) return [];
    if (!others.every((one) => marksOf(first) === marksOf(one))) return [];
    if (marksOf(first) === marksOf(second) || isOfAnotherWrite(second, first, write)) return [];
    return [violation('state.rejected-write.applied', { details: { status: write.answer.status } })];
  },
};

/** A write that is neither what was there nor the one that was refused: one of ours that comes late, or somebody else's. */
function isOfAnotherWrite(second: Json, first: Json, { request }: Exchange): boolean {
  const sent = readText(request.body);
  if (sent.kind !== 'text') return false;
  const isNew = (own: unknown, before: unknown): boolean =>
    typeof own === 'string' && own !== before && !sent.text.includes(JSON.stringify(own));
  const isUnmarked = markOf(first) !== undefined && markOf(second) === undefined;
  return (
    isNew(markOf(second), markOf(first)) || (isUnmarked && isNew(second['timestamp'], first['timestamp']))
  );
}

type Json = Readonly<Record<string, unknown>>;
