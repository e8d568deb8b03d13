interface Step<T, R> {
  readonly index: number;
  readonly result: IteratorResult<T, R>;
  /** Asks the same generator again. */
  readonly again: () => Promise<Step<T, R>>;
}

/**
 * Yields what several generators yield, as it comes; where nobody listens any more, all of them end.
 * @returns what each of them returned, in their order
 */
export async function* sideBySide<T, R>(generators: readonly AsyncGenerator<T, R>[]): AsyncGenerator<T, R[]> {
  const returned: R[] = [];
  const ask = async (one: AsyncGenerator<T, R>, index: number): Promise<Step<T, R>> => {
    const result = await one.next();
    return { index, result, again: () => ask(one, index) };
  };
  const waiting = new Map(generators.map((one, index) => [index, ask(one, index)]));
  try {
    while (waiting.size > 0) {
      const { index, result, again } = await Promise.race(waiting.values());
      if (result.done === true) {
        returned[index] = result.value;
        waiting.delete(index);
      } else {
        yield result.value;
        waiting.set(index, again());
      }
    }
    return returned;
  } finally {
    // Not waited for: each ends when it yields next.
    for (const index of waiting.keys()) generators[index]?.return(undefined as R).catch(() => undefined);
  }
}
