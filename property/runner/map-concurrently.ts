/**
 * Runs `work` on items, at most `width` at a time. Handles the results one after the other, in the order of completion;
 * work on other items continues meanwhile.
 * @throws the first error of `work` or `handle`; no further work starts then
 */
export async function mapConcurrently<T, R>(
  items: Iterable<T>,
  width: number,
  work: (item: T) => Promise<R>,
  handle: (result: R, item: T) => unknown,
): Promise<void> {
  const source = items[Symbol.iterator]();
  const running = new Map<number, Promise<{ readonly id: number; readonly item: T; readonly result: R }>>();
  let nextId = 0;

  function start(): void {
    const next = source.next();
    if (next.done === true) return;
    const [id, item] = [nextId++, next.value];
    const finished = work(item).then((result) => ({ id, item, result }));
    // After the first error nobody awaits the others.
    finished.catch(() => undefined);
    running.set(id, finished);
  }

  for (let started = 0; started < width; started++) start();
  while (running.size > 0) {
    const { id, item, result } = await Promise.race(running.values());
    running.delete(id);
    start();
    await handle(result, item);
  }
}
