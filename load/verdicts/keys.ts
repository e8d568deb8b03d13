import { violation, type Code, type Outcome } from '../../contracts/index.ts';
import {
  AGREEING,
  controlOf,
  dimensions,
  shownBy,
  VOLLEY,
  volleyOf,
  type Dimension,
  type Round,
} from '../k6/dimensions.ts';
import type { TraceLine } from '../k6/trace.ts';
import { isAccepted, type Measurement } from './threshold.ts';

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
 * they have a quota of their own. What is not as documented has to show twice.
 * @param lines everything that was sent, in order
 */
export function judgeKey(dimension: Dimension, lines: readonly TraceLine[]): Measurement | Undecided {
  const rounds = roundsOf(dimension, lines);
  if (rounds.length === 0) return 'key-not-asked';
  const clean = rounds.filter(({ isClean }) => isClean);
  if (clean.length === 0) return 'key-not-used-up';
  const shown = clean.map(shownBy).filter((one) => one !== undefined);
  if (shown.length === 0) return 'key-not-served';
  const documented = dimensions[dimension];
  const name = `key ${dimension}`;
  if (shown.includes(documented)) return { remarks: [], measured: { [name]: documented } };
  if (shown.length < AGREEING || shown.includes('mixed')) return 'key-mixed';
  const found = documented === 'shared' ? 'apart' : 'shared';
  const line = lines.findLast(
    (one) => one.phase === volleyOf(dimension) && one.status === (found === 'apart' ? 200 : 429),
  );
  const sum = (pick: (round: Round) => number): number =>
    clean.reduce((total, round) => total + pick(round), 0);
  const served = sum((round) => round.served);
  const details = { served, sent: served + sum((round) => round.refused) };
  const remarks = [violation(codes[dimension], { site: dimension, details })];
  return { remarks, measured: { [name]: found }, ...(line && { line }) };
}

/** Volleys with the requests before and after them; one that was cut short is none. */
function roundsOf(dimension: Dimension, lines: readonly TraceLine[]): Round[] {
  const own = lines.filter(({ phase }) => phase === controlOf(dimension) || phase === volleyOf(dimension));
  const count = Math.floor(own.length / (VOLLEY + 2));
  return Array.from({ length: count }, (_, index) => {
    const [before, ...rest] = own.slice(index * (VOLLEY + 2), (index + 1) * (VOLLEY + 2));
    const [volley, after] = [rest.slice(0, VOLLEY), rest.at(-1)];
    return {
      isClean: before?.status === 429 && after?.status === 429,
      served: volley.filter(isAccepted).length,
      refused: volley.filter(({ status }) => status === 429).length,
    };
  });
}
