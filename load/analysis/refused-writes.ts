import { doubt, violation } from '../../core/index.ts';
import { READ_BACK, type TraceLine } from '../scripts/trace.ts';
import type { Measurement } from './threshold.ts';

/** A report that was answered 429 was not taken: no later read shows it. */
export function judgeRefusedWrites(lines: readonly TraceLine[]): Measurement {
  const refused = new Set(
    lines.flatMap(({ phase, status, mark }) => (phase !== READ_BACK && status === 429 && mark) || []),
  );
  const measured = { refusedWrites: refused.size };
  const read = lines.filter(({ phase, status }) => phase === READ_BACK && status === 200);
  const shown = read.find(({ mark = '' }) => refused.has(mark));
  if (read.length === 0)
    return { remarks: [doubt('load.pacing', { why: 'what is stored was not read back' })], measured };
  if (shown === undefined) return { remarks: [], measured };
  return {
    remarks: [violation('rate-limit.rejected-write.applied', { details: {} })],
    measured,
    line: shown,
  };
}
