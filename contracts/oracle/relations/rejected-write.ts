import { violation } from '../remark.ts';
import { MARKER } from './echo.ts';
import { receivedObject } from './objects.ts';
import type { Relation } from './relation.ts';

/** Read, a write that is rejected, read again: nothing may have changed. */
export const rejectedWrite: Relation = {
  judge([before, write, after]) {
    if (before === undefined || write === undefined || after === undefined) return [];
    if (write.answer.kind !== 'response' || write.answer.status < 400) return [];
    const [first, second] = [receivedObject(before), receivedObject(after)];
    if (first === undefined || second === undefined) return [];
    if (marks(first) === marks(second)) return [];
    return [violation('state.rejected-write.applied', { details: { status: write.answer.status } })];
  },
};

/** What a write sets. A service may compute other members of `body` at each read. */
function marks({ status, type, timestamp, body }: Record<string, unknown>): string {
  return JSON.stringify([status, type, timestamp, (body as Record<string, unknown> | undefined)?.[MARKER]]);
}
