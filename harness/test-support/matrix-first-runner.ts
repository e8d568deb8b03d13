import TestRunner from 'jest-runner';

type Run = Parameters<TestRunner['runTests']>;

/** Jest's own runner; the fault matrix comes first and alone, as it keeps every core busy and its bursts must not starve. */
export default class MatrixFirstRunner extends TestRunner {
  override async runTests(tests: Run[0], watcher: Run[1], options: Run[2]): Promise<void> {
    const isMatrix = ({ path }: Run[0][number]) => /[\\/]harness[\\/]faults\.test\.ts$/.test(path);
    await super.runTests(tests.filter(isMatrix), watcher, { ...options, serial: true });
    const others = tests.filter((test) => !isMatrix(test));
    await super.runTests(others, watcher, options);
  }
}
