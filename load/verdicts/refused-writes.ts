import { violation } from '../../contracts/index.ts';
import { READ_BACK, type TraceLine } from '../k6/trace.ts';
import type { Measurement } from './threshold.ts';

/** A report that was answered 429 was not taken: no later read shows it. */
export function judgeRefusedWrites(lines: readonly TraceLine[]): Measurement {
  const refused = new Set(
    lines.flatMap(({ phase, status, mark }) => (phase !== READ_BACK && status === 429 && mark) || []),
  );
  const shown = lines.find(({ phase, mark = '' }) => phase === READ_BACK && refused.has(mark));
  if (shown === undefined) return { remarks: [], measured: { refusedWrites: refused.size } };
  return {
    remarks: [violation('rate-limit.rejected-write.applied', { details: {} })],
    measured: { refusedWrites: refused.size },
    line: shown,
  };
}
