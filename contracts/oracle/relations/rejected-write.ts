import type { Exchange } from '../../http/exchange.ts';
import { readText } from '../../http/read-body.ts';
import { violation } from '../remark.ts';
import { MARKER } from './echo.ts';
import { receivedObject } from './objects.ts';
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
    if (!others.every((one) => isSame(first, one))) return [];
    if (isSame(first, second) || isOfAnotherWrite(second, first, write)) return [];
    return [violation('state.rejected-write.applied', { details: { status: write.answer.status } })];
  },
};

/** What a write sets is compared: a service may compute other members of `body` at each read. */
function isSame(first: Record<string, unknown>, second: Record<string, unknown>): boolean {
  return marksOf(first) === marksOf(second);
}

function marksOf(status: Record<string, unknown>): string {
  return JSON.stringify([status['status'], status['type'], status['timestamp'], markOf(status)]);
}

function isOfAnotherWrite(
  second: Record<string, unknown>,
  first: Record<string, unknown>,
  { request }: Exchange,
): boolean {
  const mark = markOf(second);
  if (typeof mark !== 'string' || mark === markOf(first)) return false;
  const sent = readText(request.body);
  return sent.kind === 'text' && !sent.text.includes(JSON.stringify(mark));
}

function markOf({ body }: Record<string, unknown>): unknown {
  return (body as Record<string, unknown> | null | undefined)?.[MARKER];
}
