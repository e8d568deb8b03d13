import * as fc from 'fast-check';

import { inParallel } from './in-parallel.ts';

/** What the judge said of one value: the keys of its failures (none: it passed), and what to report. */
export interface Verdict<R> {
  readonly keys: readonly string[];
  readonly report: R;
  /** Requests that the verdict took; one if not given. */
  readonly cost?: number;
}

export interface CampaignOptions<T, R> {
  readonly arbitrary: fc.Arbitrary<T>;
  readonly seed: number;
  readonly numRuns: number;
  /** How many values are on their way at a time. */
  readonly concurrency: number;
  /** Requests that shrinking one finding may cost. */
  readonly maxShrinks: number;
  judge(value: T): Promise<Verdict<R>>;
}

/** One failure, as small as it would go; `seed` and `path` replay it with stock fast-check. */
export interface Minimum<T, R> {
  readonly key: string;
  readonly value: T;
  readonly report: R;
  readonly seed: number;
  readonly path: string;
  /** How many of the drawn values failed this way. */
  readonly count: number;
  readonly shrinks: number;
}

export type CampaignEvent<T, R> =
  | { readonly kind: 'run'; readonly report: R; readonly keys: readonly string[] }
  | { readonly kind: 'minimum'; readonly minimum: Minimum<T, R> };

/**
 * Runs a property with many values under way at once, which fast-check's own runner cannot, and shrinks each
 * kind of failure only into itself: stock shrinking slides to another bug in an eighth to a third of failures.
 * The values, their order and the paths are those of `fc.check` with the same seed.
 */
export async function* campaign<T, R>(options: CampaignOptions<T, R>): AsyncGenerator<CampaignEvent<T, R>> {
  const { judge, concurrency } = options;
  const property = fc.asyncProperty<[T]>(options.arbitrary, () => Promise.resolve());
  const values = await drawnValues(property, options);
  const failures = new Map<string, { index: number; verdict: Verdict<R>; count: number }>();

  const judged = inParallel(values.keys(), concurrency, async (index) => {
    const [value] = values[index]?.value_ ?? raise();
    return { index, verdict: await judge(value) };
  });
  for await (const { index, verdict } of judged) {
    yield { kind: 'run', report: verdict.report, keys: verdict.keys };
    for (const key of verdict.keys) {
      const known = failures.get(key);
      const first = known === undefined || index < known.index ? { index, verdict } : known;
      failures.set(key, { ...first, count: (known?.count ?? 0) + 1 });
    }
  }

  const inOrder = [...failures].toSorted(([, a], [, b]) => a.index - b.index);
  for (const [key, { index, verdict, count }] of inOrder) {
    const start = values[index] ?? raise();
    const found = await shrink({ property, start, key, index, report: verdict.report }, options);
    yield { kind: 'minimum', minimum: { ...found, key, seed: options.seed, count } };
  }
}

type Property<T> = fc.IAsyncProperty<[T]>;

/** Records what a stock run would generate: fast-check hands every value through the plugin. */
async function drawnValues<T>(
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

/** Takes, again and again, the first simpler value that fails in the same way. Candidates are judged in chunks. */
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
      spent += verdicts.reduce((sum, { cost = 1 }) => sum + cost, 0);
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

function raise(): never {
  throw new Error('fast-check drew fewer values than runs');
}
