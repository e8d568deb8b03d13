import { violation, type Remark } from '../../core/index.ts';
import { isVolley } from '../scripts/dimensions.ts';
import type { TraceLine } from '../scripts/trace.ts';
import type { Measurement } from './threshold.ts';

/** What the judge cannot lay at the door of the service for one answer, it can for a load: a 503 is a gateway's, once. */
const EXPECTED = [200, 429];
/** A connection that broke and a refused token have findings of their own; what a token may not do, the judge doubts. */
const ELSEWHERE = [0, 401, 403];
/** Once is a gateway that was restarted. */
const MANY = 2;

/** Nothing but 200 and 429 under load. An answer that was found wrong already is not counted again. */
export function judgeStatuses(lines: readonly TraceLine[]): Measurement {
  const odd = lines.filter(
    ({ phase, status, remarks }) =>
      !isVolley({ phase }) &&
      ![...EXPECTED, ...ELSEWHERE].includes(status) &&
      remarks.every(({ kind }) => kind === 'doubt'),
  );
  const often = [...Map.groupBy(odd, ({ status }) => status)].filter(([, own]) => own.length >= MANY);
  const remarks = often.map(([status, own]): Remark => {
    const details = { status, count: own.length };
    return violation('load.status.unexpected', { site: String(status), details });
  });
  const line = often[0]?.[1][0];
  return { remarks, measured: {}, ...(line && { line }) };
}
