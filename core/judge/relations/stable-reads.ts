import type { Exchange } from '../../http/exchange.ts';
import { violation } from '../check-result.ts';
import { marksOf } from './write-id.ts';
import { receivedObject } from './json-bodies.ts';
import type { Relation } from './relation.ts';

/**
 * Reads one after the other. After a write of ours every one shows the same. Without one a status may change, for others
 * report as well, but it does not come back. Compared is what a report sets: a service may compute other members of
 * `body` at each read.
 */
export const stableReads: Relation = {
  judge(exchanges) {
    const seen = exchanges.filter(isRead).map(receivedObject);
    const shown = seen.flatMap((one) => (one === undefined ? [] : [marksOf(one)]));
    const isOurs = exchanges[0]?.request.method === 'POST';
    const index = isOurs ? shown.findIndex((one) => one !== shown[0]) : returnIn(shown);
    return index === -1 ? [] : [violation('state.read.unstable', { details: { read: index + 1 } })];
  },
};

function isRead({ request }: Exchange): boolean {
  return request.method === 'GET';
}

/** Where something is seen again after something else. */
function returnIn(shown: readonly string[]): number {
  return shown.findIndex((one, index) => {
    const first = shown.indexOf(one);
    return first < index && shown.slice(first, index).some((between) => between !== one);
  });
}
