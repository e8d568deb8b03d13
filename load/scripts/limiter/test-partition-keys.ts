import { WRITE_ID_MEMBER } from '../../../core/index.ts';
import { MAX_CLOSING_REQUESTS, VOLLEY_CONFIRMATIONS, VOLLEY_INTERVAL_MS, VOLLEY_SIZE } from '../../timing.ts';
import type { LoadTask } from '../load-task.ts';
import { retryDelayOf } from '../requests/retry-delay.ts';
import { read, write, type RequestVariant } from '../requests/send.ts';
import { waitUntil } from '../requests/wait.ts';
import { task } from '../task.ts';
import { isThrottled, type LimiterExchange } from '../trace.ts';
import { sendBurst, sendSequentially } from './burst.ts';
import {
  CLOSE_STEP,
  controlStep,
  evaluateVolley,
  exhaustStep,
  partitionKeys,
  resultOf,
  volleyStep,
  type PartitionKey,
  type Volley,
} from './partition-keys.ts';

/**
 * Tests partition keys while the quota is exhausted: for each key a volley between two control requests. Counts how often
 * the quota was exhausted again.
 */
export async function testPartitionKeys(ownTask: LoadTask): Promise<void> {
  // A single process tests the keys.
  const { segment: _, ...single } = ownTask;
  let exhaustions = 0;
  for (const key of ownTask.partitionKeys) {
    for (let unexpected = 0; unexpected < VOLLEY_CONFIRMATIONS; unexpected++) {
      const result = resultOf(await sendWhileExhausted(key));
      if (result === partitionKeys[key] || result === undefined) break;
    }
  }

  async function sendWhileExhausted(key: PartitionKey): Promise<Volley> {
    for (;;) {
      const volley = await sendVolley(key);
      const isLast = exhaustions + reservedExhaustions(key, ownTask) >= ownTask.maxExhaustions;
      if (volley.isValid || isLast) return volley;
      exhaustions += 1;
      await waitUntil(volley.exhaustedUntil);
      await (key === 'connection' ? sendSequentially : sendBurst)(exhaustStep(key), single);
    }
  }
}

interface SentVolley extends Volley {
  /** The end of the exhaustion in milliseconds since the epoch, 0 if it is not exhausted. */
  readonly exhaustedUntil: number;
}

/** The key `connection` needs an exhaustion for each of its volleys, because they close the exhausted connection. */
function reservedExhaustions(key: PartitionKey, { partitionKeys: all }: LoadTask): number {
  return all.indexOf(key) < all.indexOf('connection') ? VOLLEY_CONFIRMATIONS : 0;
}

async function sendVolley(key: PartitionKey): Promise<SentVolley> {
  const before = await read(controlStep(key), 'accept-or-limited');
  if (key === 'connection') await closeConnections();
  const pending: Promise<LimiterExchange>[] = [];
  let time = Date.now();
  for (let index = 0; index < VOLLEY_SIZE; index++) {
    await waitUntil(time);
    pending.push(sendDiffering(key, index));
    // Requests with a pause between them would share a connection.
    if (key !== 'connection') time += VOLLEY_INTERVAL_MS;
  }
  const requests = await Promise.all(pending);
  const after = await read(controlStep(key), 'accept-or-limited');
  const isExhausted = key === 'connection' && isThrottled(before);
  return {
    ...evaluateVolley(key, requests, [before, after]),
    exhaustedUntil: isExhausted ? Date.now() + (retryDelayOf(before)?.ms ?? 0) : 0,
  };
}

/** Sends requests that close their connection, until a request had to open a new one. */
async function closeConnections(): Promise<void> {
  for (let closed = 0; closed < MAX_CLOSING_REQUESTS; closed += VOLLEY_SIZE) {
    const closing = Array.from({ length: VOLLEY_SIZE }, () =>
      read(CLOSE_STEP, 'accept-or-limited', undefined, variants.connection),
    );
    const exchanges = await Promise.all(closing);
    if (exchanges.some((one) => one.isNewConnection === true)) return;
  }
}

const variants: Record<Exclude<PartitionKey, 'operation'>, RequestVariant> = {
  client: { token: 'other' },
  version: { path: 'v1' },
  token: { token: 'second' },
  'managed-client': { managedClient: task.secondManagedClient ?? task.managedClient },
  connection: { headers: [['Connection', 'close']] },
  'forwarded-for': { headers: [['X-Forwarded-For', '203.0.113.7']] },
  path: { path: 'encoded' },
};

function sendDiffering(key: PartitionKey, index: number): Promise<LimiterExchange> {
  const step = volleyStep(key);
  return key === 'operation'
    ? write(step, trackedReport(`load-${Date.now()}-${index}`), 'accept-or-limited')
    : read(step, 'either-or-limited', undefined, variants[key]);
}

/** A report with a write id. A read must not return it if the write was throttled. */
function trackedReport(writeId: string): string {
  return JSON.stringify({
    body: { [WRITE_ID_MEMBER]: writeId },
    status: 'NORMAL',
    type: task.types[0] ?? 'CCG',
    timestamp: new Date().toISOString(),
  });
}
