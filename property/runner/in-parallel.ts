/**
 * Maps items with at most `width` of them under way, and yields results as they come.
 * Stopping to read stops starting further ones; the first rejection ends it.
 */
export async function* inParallel<T, R>(
  items: Iterable<T>,
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const source = items[Symbol.iterator]();
  const underWay = new Map<number, Promise<{ readonly id: number; readonly result: R }>>();
  let id = 0;

  function start(): void {
    const next = source.next();
    if (next.done === true) return;
    const own = id++;
    const done = work(next.value).then((result) => ({ id: own, result }));
    // Whoever stops reading never hears of the others: their rejections are nobody's then.
    done.catch(() => undefined);
    underWay.set(own, done);
  }

  for (let started = 0; started < width; started++) start();
  while (underWay.size > 0) {
    const { id: done, result } = await Promise.race(underWay.values());
    underWay.delete(done);
    start();
    yield result;
  }
}
