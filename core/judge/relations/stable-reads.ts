import type { Exchange } from '../../http/exchange.ts';
import { isSafeMethod } from '../../http/methods.ts';
import { violation } from '../check-result.ts';
import { receivedObject } from './json-bodies.ts';
import type { Relation } from './relation.ts';
import { reportedFieldsOf } from './write-id.ts';

/**
 * Consecutive reads return the same status. If the first exchange is a write of the harness, all reads must be equal.
 * Otherwise other clients may write in between, so a status may change, but an earlier one must not come back.
 * Only the members that a report sets are compared.
 */
export const stableReads: Relation = {
  judge(exchanges) {
    const seen = exchanges.filter(({ request }) => isSafeMethod(request.method)).map(receivedObject);
    const statuses = seen.flatMap((one) => (one === undefined ? [] : [reportedFieldsOf(one)]));
    const index = startsWithWrite(exchanges)
      ? statuses.findIndex((one) => one !== statuses[0])
      : reappearanceIn(statuses);
    return index === -1 ? [] : [violation('state.read.unstable', { details: { read: index + 1 } })];
  },
};

function startsWithWrite([first]: readonly Exchange[]): boolean {
  return first !== undefined && !isSafeMethod(first.request.method);
}

/** The index of the first status that was seen before, with a different one in between; -1 if there is none. */
function reappearanceIn(statuses: readonly string[]): number {
  return statuses.findIndex((one, index) => {
    const first = statuses.indexOf(one);
    return first < index && statuses.slice(first, index).some((between) => between !== one);
  });
}
