import { violation } from '../../core/index.ts';
import { isVolley } from '../scripts/dimensions.ts';
import type { TraceLine } from '../scripts/trace.ts';
import { isAccepted, type Measurement } from './threshold.ts';

/** All requests show one token: refused between two that were served, it was refused without a reason. */
export function judgeToken(lines: readonly TraceLine[]): Measurement {
  const inOrder = lines.filter((line) => !isVolley(line)).toSorted((a, b) => a.sentAt - b.sentAt);
  const [first, last] = [inOrder.findIndex(isAccepted), inOrder.findLastIndex(isAccepted)];
  const refused = inOrder.filter(({ status }, index) => status === 401 && index > first && index < last);
  const [line] = refused;
  if (line === undefined) return { remarks: [], measured: {} };
  return {
    remarks: [violation('auth.sporadic-401', { details: { count: refused.length } })],
    measured: {},
    line,
  };
}
