import { violation, type Code, type Outcome, type Quota } from '../../core/index.ts';
import { answerIn } from '../scripts/answer.ts';
import {
  AGREEING,
  controlOf,
  dimensions,
  roundAnswer,
  roundOf,
  shownBy,
  VOLLEY,
  volleyOf,
  type Dimension,
  type Round,
  type RoundAnswer,
} from '../scripts/dimensions.ts';
import type { TraceLine } from '../scripts/trace.ts';
import type { Refusal } from './promise.ts';
import { isBucket, SECOND_MS, type Measurement } from './threshold.ts';

const codes = {
  client: 'rate-limit.key.client',
  version: 'rate-limit.key.version',
  token: 'rate-limit.key.token',
  operation: 'rate-limit.key.operation',
  'managed-client': 'rate-limit.key.managed-client',
  'forwarded-for': 'rate-limit.key.forwarded-for',
  path: 'rate-limit.key.path',
  connection: 'rate-limit.key.connection',
} as const satisfies Record<Dimension, Code>;

/** Why the trace does not tell whether the limiter counts by a dimension. */
export type Undecided = Extract<Outcome, { kind: 'not-verifiable' }>['reason'] & `key-${string}`;

/** What of an answer the key of a quota is told by. */
export type Told = Refusal & Pick<TraceLine, 'phase' | 'dialled'>;

/**
 * Does the limiter count by a dimension? While the quota is used up, requests that differ in it alone are served where
 * they have a quota of their own. What is not as documented has to show twice.
 * @param lines everything that was sent, in order
 */
export function keyShown(
  dimension: Dimension,
  lines: readonly Told[],
  quota: Quota,
): 'apart' | 'shared' | Undecided {
  const rounds = roundsOf(dimension, lines);
  if (rounds.length === 0) return 'key-not-asked';
  const clean = rounds.filter(({ isClean }) => isClean);
  if (clean.length === 0) return 'key-not-used-up';
  const shown = clean.map(shownBy).filter((one) => one !== undefined);
  if (shown.length === 0) return isDialling(dimension, lines) ? 'key-not-served' : 'key-not-dialled';
  const documented = dimensions[dimension];
  if (shown.includes(documented)) return documented;
  if (shown.length < AGREEING || shown.includes('mixed')) return 'key-mixed';
  if (documented === 'apart') return 'shared';
  return mayBeGivenBack(dimension, lines, quota) ? 'key-mixed' : 'apart';
}

/** Did enough requests come by a new connection, where that is what is asked? */
function isDialling(dimension: Dimension, lines: readonly Told[]): boolean {
  const volley = lines.filter(({ phase }) => phase === volleyOf(dimension));
  return (
    dimension !== 'connection' || volley.filter(({ dialled }) => dialled === true).length >= volley.length / 2
  );
}

/** Could a bucket have given back as many places while it was asked? One by a clock of whole seconds gives them all at once. */
function mayBeGivenBack(dimension: Dimension, lines: readonly Told[], quota: Quota): boolean {
  const own = ofDimension(dimension, lines);
  const refused = own.find(({ status }) => status === 429);
  if (!isBucket(refused, quota)) return false;
  const served = own.filter(({ status }) => status === 200).length;
  const span =
    Math.max(...own.map(({ receivedAt }) => receivedAt)) - Math.min(...own.map(({ sentAt }) => sentAt));
  return served <= (quota.limit / quota.windowMs) * (span + SECOND_MS) + 1;
}

function ofDimension(dimension: Dimension, lines: readonly Told[]): readonly Told[] {
  return lines.filter(({ phase }) => phase === controlOf(dimension) || phase === volleyOf(dimension));
}

/** Is the key of the quota as documented in one dimension? */
export function judgeKey(
  dimension: Dimension,
  lines: readonly TraceLine[],
  quota: Quota,
): Measurement | Undecided {
  const found = keyShown(dimension, lines, quota);
  if (found !== 'apart' && found !== 'shared') return found;
  const measured = { [`key ${dimension}`]: found };
  if (found === dimensions[dimension]) return { remarks: [], measured };
  const line = lines.find(
    (one) => one.phase === volleyOf(dimension) && one.status === (found === 'apart' ? 200 : 429),
  );
  const clean = roundsOf(dimension, lines).filter(({ isClean }) => isClean);
  const served = clean.reduce((sum, round) => sum + round.served, 0);
  const sent = clean.reduce((sum, round) => sum + round.refused, served);
  const remarks = [violation(codes[dimension], { site: dimension, details: { served, sent } })];
  return { remarks, measured, ...(line && { line }) };
}

/** Volleys with the requests before and after them; one that was cut short is none. */
function roundsOf(dimension: Dimension, lines: readonly Told[]): Round[] {
  const own = ofDimension(dimension, lines);
  const count = Math.floor(own.length / (VOLLEY + 2));
  return Array.from({ length: count }, (_, index) => {
    const [before, ...rest] = own.slice(index * (VOLLEY + 2), (index + 1) * (VOLLEY + 2));
    const [volley, after] = [rest.slice(0, VOLLEY), rest.at(-1)];
    return roundOf(dimension, volley.map(answerOf), [before && answerOf(before), after && answerOf(after)]);
  });
}

function answerOf(line: Told): RoundAnswer {
  return roundAnswer(answerIn(line), line.dialled === true);
}
