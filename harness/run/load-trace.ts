import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';

import type { TraceLine } from '../../load/index.ts';

export const LOAD_TRACE_FILE = 'load-trace.jsonl';

/**
 * The exchanges of the load layer, one JSON object a line: `scenario` and `phase`, `sentAt` and `receivedAt` in
 * milliseconds since the epoch as outward bounds, `durationMs`, `status`, `retryAfter` and `date` as they came, and the
 * `codes` of what the judge said. No body and no token is in it.
 */
export function openTrace(folder: string): {
  readonly add: (scenario: string, line: TraceLine) => void;
  close(): Promise<void>;
} {
  const stream = createWriteStream(join(folder, LOAD_TRACE_FILE));
  // A full disk ends the layer when it is over, and not the run at once.
  stream.on('error', () => undefined);
  return {
    add(scenario, { remarks, exchange: _, mark: __, ...line }) {
      const codes = remarks.map(({ code }) => code);
      stream.write(`${JSON.stringify({ scenario, ...line, ...(codes.length > 0 && { codes }) })}\n`);
    },
    async close() {
      stream.end();
      await finished(stream);
    },
  };
}
