import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const TIMEOUT_MS = 10_000;
const MIN_MAJOR = 2;

/** Whether a file is a k6 2.0 or later. Takes about 0.1 s. */
export async function isUsable(binary: string): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)(binary, ['version', '--json'], { timeout: TIMEOUT_MS });
    const { version } = JSON.parse(stdout) as { version?: string };
    return Number(/^v(\d+)\./.exec(version ?? '')?.[1]) >= MIN_MAJOR;
  } catch {
    return false;
  }
}
