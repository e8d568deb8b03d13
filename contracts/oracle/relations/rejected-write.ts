import { violation } from '../remark.ts';
import { receivedObject } from './objects.ts';
import type { Relation } from './relation.ts';

/** Read, a write that is rejected, read again: nothing may have changed. */
export const rejectedWrite: Relation = {
  judge([before, write, after]) {
    if (before === undefined || write === undefined || after === undefined) return [];
    if (write.answer.kind !== 'response' || write.answer.status < 400) return [];
    const [first, second] = [receivedObject(before), receivedObject(after)];
    if (first === undefined || second === undefined) return [];
    if (JSON.stringify(first) === JSON.stringify(second)) return [];
    return [violation('state.rejected-write.applied', { details: { status: write.answer.status } })];
  },
};
