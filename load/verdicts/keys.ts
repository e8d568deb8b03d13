import { violation, type Code, type Outcome } from '../../contracts/index.ts';
import { controlOf, dimensions, volleyOf, VOLLEY, type Dimension } from '../k6/dimensions.ts';
import type { TraceLine } from '../k6/trace.ts';
import { isAccepted, type Measurement } from './threshold.ts';

/** From this share on, requests that differ have a quota of their own; up to the other one they share it. */
const OWN = 0.75;
const SHARED = 0.4;

const codes = {
  client: 'rate-limit.key.client',
  version: 'rate-limit.key.version',
  token: 'rate-limit.key.token',
  operation: 'rate-limit.key.operation',
  'managed-client': 'rate-limit.key.managed-client',
  'forwarded-for': 'rate-limit.key.forwarded-for',
  path: 'rate-limit.key.path',
} as const satisfies Record<Dimension, Code>;

/** Why the trace does not tell whether the limiter counts by a dimension. */
export type Undecided = Extract<Outcome, { kind: 'not-verifiable' }>['reason'] & `key-${string}`;

/**
 * Does the limiter count by a dimension? While the quota is used up, requests that differ in it alone are served where
 * they have a quota of their own. It was used up where a request before or after them was refused.
 * @param lines everything that was sent, in order
 */
export function judgeKey(dimension: Dimension, lines: readonly TraceLine[]): Measurement | Undecided {
  const controls = lines.filter(({ phase }) => phase === controlOf(dimension)).slice(-2);
  const volley = lines.filter(({ phase }) => phase === volleyOf(dimension)).slice(-VOLLEY);
  if (volley.length === 0) return 'key-not-asked';
  if (controls.every(({ status }) => status !== 429)) return 'key-not-used-up';
  const served = volley.filter(isAccepted);
  const refused = volley.filter(({ status }) => status === 429);
  const told = served.length + refused.length;
  // Not served for another reason: nobody knows whether that came before the limiter or after it.
  if (told < VOLLEY / 2) return 'key-not-served';
  const share = served.length / told;
  if (share > SHARED && share < OWN) return 'key-mixed';
  const found = share >= OWN ? 'apart' : 'shared';
  const measured = { [`key ${dimension}`]: found };
  if (found === dimensions[dimension]) return { remarks: [], measured };
  const [line] = found === 'apart' ? served : refused;
  const details = { served: served.length, sent: told };
  const remarks = [violation(codes[dimension], { site: dimension, details })];
  return { remarks, measured, ...(line && { line }) };
}
