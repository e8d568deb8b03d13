import type { Exchange } from '../../http/exchange.ts';
import { isSafeMethod } from '../../http/methods.ts';
import { readText } from '../../http/read-body.ts';
import { violation } from '../check-result.ts';
import { receivedObject, type JsonObject } from './json-bodies.ts';
import type { Relation } from './relation.ts';
import { reportedFieldsOf, writeIdOf } from './write-id.ts';

/**
 * A rejected write changes nothing: the read after it equals the reads before it. Reads that differ before the write,
 * or that show the write of another client, are judged by other relations.
 */
export const rejectedWrite: Relation = {
  judge(exchanges) {
    const write = exchanges.find(({ request }) => !isSafeMethod(request.method));
    if (write?.answer.kind !== 'response' || write.answer.status < 400) return [];
    const reads = exchanges.filter((one) => one !== write).map(receivedObject);
    const [first, ...others] = reads.flatMap((one) => (one === undefined ? [] : [one]));
    const last = others.pop();
    if (first === undefined || last === undefined || others.length < exchanges.length - 3) return [];
    if (!others.every((one) => reportedFieldsOf(first) === reportedFieldsOf(one))) return [];
    if (reportedFieldsOf(first) === reportedFieldsOf(last) || isOfAnotherWrite(last, first, write)) return [];
    return [violation('state.rejected-write.applied', { details: { status: write.answer.status } })];
  },
};

/** Whether a read shows a write that is neither the rejected one nor the previous state. */
function isOfAnotherWrite(last: JsonObject, first: JsonObject, { request }: Exchange): boolean {
  const sent = readText(request.body);
  if (sent.kind !== 'text') return false;
  const isForeign = (after: unknown, before: unknown): boolean =>
    typeof after === 'string' && after !== before && !sent.text.includes(JSON.stringify(after));
  const hasLostId = writeIdOf(first) !== undefined && writeIdOf(last) === undefined;
  return (
    isForeign(writeIdOf(last), writeIdOf(first)) ||
    (hasLostId && isForeign(last['timestamp'], first['timestamp']))
  );
}
