import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll } from '@jest/globals';

/** A program that reports a supported version of k6, for tests of commands that only look for k6. */
export function fakeK6(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mch-fake-k6-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'k6');
  writeFileSync(path, `#!/bin/sh\necho '{"version":"v2.2.0"}'\n`, { mode: 0o755 });
  return path;
}
