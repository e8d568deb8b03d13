import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';

import type { LoadExchange } from '../../load/index.ts';

export const LOAD_TRACE_FILE = 'load-trace.jsonl';

interface LoadTrace {
  add(scenario: string, exchange: LoadExchange): void;
  close(): Promise<void>;
}

/**
 * Opens the file of the load layer's exchanges. Each line is a JSON object: `scenario`, `step`, `method`, `operation`,
 * `sentAt` and `receivedAt` (milliseconds since the epoch), `durationMs`, `status`, `retryAfter`, `date`, and `codes` of
 * the judge. It contains no bodies and no tokens.
 */
export function openLoadTrace(folder: string): LoadTrace {
  const stream = createWriteStream(join(folder, LOAD_TRACE_FILE));
  // An error of the disk is reported when the trace is closed, so that the layer completes.
  stream.on('error', () => undefined);
  return {
    add(scenario, { results, exchange: _, writeId: __, ...line }) {
      const codes = results.map((result) => (result.kind === 'violation' ? result.code : result.reason));
      stream.write(`${JSON.stringify({ scenario, ...line, ...(codes.length > 0 && { codes }) })}\n`);
    },
    async close() {
      stream.end();
      await finished(stream);
    },
  };
}
