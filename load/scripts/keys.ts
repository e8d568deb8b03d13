import { MARKER } from '../../core/index.ts';
import { toldBy, type DialledAnswer } from './answer.ts';
import { burst, oneByOne } from './burst.ts';
import {
  AGREEING,
  CLOSING,
  controlOf,
  dimensions,
  drainOf,
  MOST_CLOSING,
  roundOf,
  shownBy,
  VOLLEY,
  volleyOf,
  type Dimension,
  type Round,
  type RoundAnswer,
  roundAnswer,
} from './dimensions.ts';
import { read, write, type Variant } from './send.ts';
import { task } from './task.ts';
import type { LoadTask } from './trace.ts';
import { waitUntil } from './wait.ts';

/** Milliseconds between the requests of a volley. */
const PACE_MS = 1000 / 80;

/** While the quota is used up: for each dimension a volley of requests that differ in it alone, between two that do not. */
export async function askKeys(own: LoadTask): Promise<void> {
  // What is asked here, one process asks.
  const { segment: _, ...alone } = own;
  let drains = 0;
  for (const dimension of own.dimensions) {
    for (let odd = 0; odd < AGREEING; odd++) {
      const round = await askOnceUsedUp(dimension);
      const shown = shownBy(round);
      if (shown === dimensions[dimension] || shown === undefined) break;
    }
  }

  async function askOnceUsedUp(dimension: Dimension): Promise<Round> {
    for (;;) {
      const round = await ask(dimension);
      if (round.isClean || drains + keptFrom(dimension, own) >= own.drains) return round;
      drains += 1;
      await waitUntil(round.usedUpUntil);
      await (dimension === 'connection' ? oneByOne : burst)(drainOf(dimension), alone);
    }
  }
}

/** A round, and when what is still used up will be free: milliseconds since the epoch, 0 where nothing is known to be. */
interface Asked extends Round {
  readonly usedUpUntil: number;
}

/** A drain for each of its rounds is kept for connections: they close the one that was used up. */
function keptFrom(dimension: Dimension, { dimensions: asked }: LoadTask): number {
  return asked.indexOf(dimension) < asked.indexOf('connection') ? AGREEING : 0;
}

async function ask(dimension: Dimension): Promise<Asked> {
  const before = await read(controlOf(dimension), 'accept-or-limited');
  if (dimension === 'connection') await closeConnections();
  const sent: Promise<DialledAnswer>[] = [];
  let due = Date.now();
  for (let shot = 0; shot < VOLLEY; shot++) {
    await waitUntil(due);
    sent.push(differing(dimension, shot));
    // One after the other they would come by the same connection.
    if (dimension !== 'connection') due += PACE_MS;
  }
  const answers = await Promise.all(sent);
  const after = await read(controlOf(dimension), 'accept-or-limited');
  const told = (answer: DialledAnswer): RoundAnswer => roundAnswer(answer, answer.isDialled);
  const round = roundOf(dimension, answers.map(told), [told(before), told(after)]);
  const isOver = dimension !== 'connection' || before.status !== 429;
  return { ...round, usedUpUntil: isOver ? 0 : Date.now() + 1000 * (toldBy(before)?.seconds ?? 0) };
}

/** Volleys that close the connections they come by, until some had to open one. */
async function closeConnections(): Promise<void> {
  for (let closed = 0; closed < MOST_CLOSING; closed += VOLLEY) {
    const closing = Array.from({ length: VOLLEY }, () =>
      read(CLOSING, 'accept-or-limited', undefined, variants.connection),
    );
    const answers = await Promise.all(closing);
    if (answers.some(({ isDialled }) => isDialled)) return;
  }
}

/** Reads that differ in one dimension; nobody knows how all of them are answered, but by a limiter. */
const variants: Record<Exclude<Dimension, 'operation'>, Variant> = {
  client: { token: 'other' },
  version: { place: 'v1' },
  token: { token: 'second' },
  'managed-client': { client: task.secondClient ?? task.client },
  connection: { headers: { Connection: 'close' } },
  'forwarded-for': { headers: { 'X-Forwarded-For': '203.0.113.7' } },
  path: { place: 'respelled' },
};

function differing(dimension: Dimension, shot: number): Promise<DialledAnswer> {
  const phase = volleyOf(dimension);
  return dimension === 'operation'
    ? write(phase, markedReport(`load-${Date.now()}-${shot}`), 'accept-or-limited')
    : read(phase, 'either-or-limited', undefined, variants[dimension]);
}

/** A report that can be told from every other one: a write that was refused must not show in a read. */
function markedReport(mark: string): string {
  return JSON.stringify({
    body: { [MARKER]: mark },
    status: 'NORMAL',
    type: task.types[0] ?? 'CCG',
    timestamp: new Date().toISOString(),
  });
}
