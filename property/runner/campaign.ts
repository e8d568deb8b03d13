import * as fc from 'fast-check';

import { mapConcurrently } from './map-concurrently.ts';

/** The judgement of one value. */
export interface ValueJudgement<R> {
  /** The kinds of failures of the value; empty if it passes. */
  readonly keys: readonly string[];
  readonly report: R;
  /** Requests that the judgement sent. Default: 1. */
  readonly cost?: number;
}

export interface CampaignOptions<T, R> {
  readonly arbitrary: fc.Arbitrary<T>;
  readonly seed: number;
  readonly numRuns: number;
  /** Number of values that are judged at a time. */
  readonly concurrency: number;
  /** Requests that shrinking one failure may send. */
  readonly maxShrinks: number;
  judge(value: T): Promise<ValueJudgement<R>>;
  /** Receives the verdict of each drawn value, one at a time. */
  onVerdict?(verdict: ValueJudgement<R>): unknown;
}

/** The smallest value found for a failure. `seed` and `path` replay it with fast-check. */
export interface Minimum<T, R> {
  readonly key: string;
  readonly value: T;
  readonly report: R;
  readonly seed: number;
  readonly path: string;
  /** Number of drawn values with this failure. */
  readonly count: number;
  readonly shrinks: number;
}

/**
 * Checks a property with many concurrent executions, which the runner of fast-check does not support. Values, order and
 * paths equal those of `fc.check` with the same seed. Each failure shrinks only to values with the same failure:
 * fast-check would end at another failure in an eighth to a third of the cases.
 * @returns a minimum for each kind of failure, in the order of the drawn values
 */
export async function runCampaign<T, R>(options: CampaignOptions<T, R>): Promise<Minimum<T, R>[]> {
  const { judge, onVerdict, concurrency } = options;
  const property = fc.asyncProperty<[T]>(options.arbitrary, () => Promise.resolve());
  const values = await drawValues(property, options);
  const failures = new Map<string, { index: number; verdict: ValueJudgement<R>; count: number }>();

  await mapConcurrently(
    values.keys(),
    concurrency,
    (index) => judge((values[index] ?? missingValue()).value_[0]),
    async (verdict, index) => {
      for (const key of verdict.keys) {
        const known = failures.get(key);
        const first = known === undefined || index < known.index ? { index, verdict } : known;
        failures.set(key, { ...first, count: (known?.count ?? 0) + 1 });
      }
      await onVerdict?.(verdict);
    },
  );

  const minima: Minimum<T, R>[] = [];
  for (const [key, { index, verdict, count }] of [...failures].toSorted(
    ([, a], [, b]) => a.index - b.index,
  )) {
    const start = values[index] ?? missingValue();
    const found = await shrink({ property, start, key, index, report: verdict.report }, options);
    minima.push({ ...found, key, seed: options.seed, count });
  }
  return minima;
}

type Property<T> = fc.IAsyncProperty<[T]>;

/** Records the values that fast-check generates, by a plugin. */
async function drawValues<T>(
  property: Property<T>,
  { seed, numRuns }: { readonly seed: number; readonly numRuns: number },
): Promise<fc.Value<[T]>[]> {
  const values: fc.Value<[T]>[] = [];
  await fc.check(property, {
    seed,
    numRuns,
    plugins: [
      () => ({
        decorateGenerate: (generate) => (random, runId) => {
          const value = generate(random, runId);
          values.push(value);
          return value;
        },
      }),
    ],
  });
  return values;
}

interface ShrinkStart<T, R> {
  readonly property: Property<T>;
  readonly start: fc.Value<[T]>;
  readonly key: string;
  readonly index: number;
  readonly report: R;
}

/** Repeatedly takes the first simpler value with the same failure. Judges candidates in chunks. */
async function shrink<T, R>(
  { property, start, key, index, report }: ShrinkStart<T, R>,
  { judge, concurrency, maxShrinks }: CampaignOptions<T, R>,
): Promise<{ value: T; report: R; path: string; shrinks: number }> {
  let current = start;
  let smallest = report;
  let path = String(index);
  let spent = 0;
  for (;;) {
    const next = await firstFailing();
    if (next === undefined) return { value: current.value_[0], report: smallest, path, shrinks: spent };
    ({ candidate: current, report: smallest } = next);
    path += `:${next.position}`;
  }

  async function firstFailing() {
    let position = 0;
    for (const chunk of chunks(property.shrink(current), concurrency)) {
      if (spent + chunk.length > maxShrinks) return undefined;
      const verdicts = await Promise.all(chunk.map((candidate) => judge(candidate.value_[0])));
      const cost = verdicts.reduce((sum, { cost: own = 1 }) => sum + own, 0);
      if (cost === 0) return undefined; // nothing is sent any more
      spent += cost;
      const hit = verdicts.findIndex(({ keys }) => keys.includes(key));
      const candidate = chunk[hit];
      const verdict = verdicts[hit];
      if (candidate !== undefined && verdict !== undefined) {
        return { candidate, report: verdict.report, position: position + hit };
      }
      position += chunk.length;
    }
    return undefined;
  }
}

function* chunks<V>(values: Iterable<V>, size: number): Generator<V[]> {
  let chunk: V[] = [];
  for (const value of values) {
    chunk.push(value);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

function missingValue(): never {
  throw new Error('fast-check drew fewer values than runs');
}
