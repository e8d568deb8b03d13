import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const LIMIT_MS = 10_000;
const OLDEST_MAJOR = 2;

/** Whether a file is a k6 from 2.0 on: `k6 version --json` answers in 0.1 s. */
export async function isUsable(binary: string): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)(binary, ['version', '--json'], { timeout: LIMIT_MS });
    const { version } = JSON.parse(stdout) as { version?: string };
    return Number(/^v(\d+)\./.exec(version ?? '')?.[1]) >= OLDEST_MAJOR;
  } catch {
    return false;
  }
}
