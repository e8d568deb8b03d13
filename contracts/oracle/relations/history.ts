import type { Exchange } from '../../http/exchange.ts';
import { anomaliesIn, INITIAL, stalenessOf, type Anomaly, type Operation } from '../history/zones.ts';
import type { Code } from '../codes.ts';
import { violation, type Violation } from '../remark.ts';
import { MARKER } from './echo.ts';
import { receivedObject, sentObject } from './objects.ts';
import type { Relation } from './relation.ts';

/** Reads may be this old, in milliseconds, where a service promises to agree in the end only. */
const EVENTUALLY_MS = 2000;
const PRECISION_MS = 1;

const codeOf: Record<Anomaly['kind'], Code> = {
  phantom: 'state.history.phantom',
  future: 'state.history.phantom',
  stale: 'state.history.stale',
  lost: 'state.history.lost',
};

/**
 * Many clients at once: is there an order of their reads and writes that explains what each was answered? Each type is
 * a register of its own, and each write has a mark and an instant of its own.
 */
export const history: Relation = {
  judge(exchanges) {
    const { torn, registers } = registersIn(exchanges);
    const worst = [...registers.values()].flatMap((operations) => anomaliesIn(operations).slice(0, 1));
    return [...torn, ...worst.map(({ kind }) => violation(codeOf[kind], { details: { kind } }))];
  },
};

/** The same for a service that agrees in the end: only what no delay explains is a finding, and too long a delay. */
export const eventualHistory: Relation = {
  judge(exchanges) {
    const { torn, registers } = registersIn(exchanges);
    const late = [...registers.values()].flatMap((operations): Violation[] => {
      const age = stalenessOf(operations, 10 * EVENTUALLY_MS, PRECISION_MS);
      if (age !== undefined && age <= EVENTUALLY_MS) return [];
      const [worst] = anomaliesIn(operations);
      const kind = worst?.kind ?? 'stale';
      if (age === undefined) return [violation(codeOf[kind], { details: { kind } })];
      return [violation('state.history.stale', { severity: 'minor', details: { kind, age } })];
    });
    return [...torn, ...late];
  },
};

interface Registers {
  readonly torn: readonly Violation[];
  /** By type. */
  readonly registers: ReadonlyMap<string, readonly Operation[]>;
}

function registersIn(exchanges: readonly Exchange[]): Registers {
  const writes = exchanges.flatMap((exchange) => writeOf(exchange) ?? []);
  const reads = exchanges.flatMap((exchange) => readOf(exchange, writes) ?? []);
  const registers = new Map<string, Operation[]>();
  for (const { type, operation } of [...writes, ...reads.filter(({ isTorn }) => !isTorn)]) {
    registers.set(type, [...(registers.get(type) ?? []), operation]);
  }
  const isTorn = reads.some((read) => read.isTorn);
  return { torn: isTorn ? [violation('state.history.torn')] : [], registers };
}

interface Write {
  readonly type: string;
  readonly instant: number;
  readonly operation: Operation;
}

function writeOf(exchange: Exchange): Write | undefined {
  const sent = exchange.request.method === 'POST' ? sentObject(exchange) : undefined;
  const value = sent && markOf(sent);
  if (sent === undefined || value === undefined) return undefined;
  const { answer, sentAt, receivedAt } = exchange;
  if (answer.kind === 'response' && answer.status >= 400) return undefined; // refused: judged for itself
  const responded = answer.kind === 'response' ? receivedAt : Infinity;
  const operation = { kind: 'write', value, invoked: sentAt, responded } as const;
  return { type: String(sent['type']), instant: Date.parse(String(sent['timestamp'])), operation };
}

interface Read {
  readonly type: string;
  readonly isTorn: boolean;
  readonly operation: Operation;
}

/** A read shows one write in its body and in its timestamp, or two that were torn into one. */
function readOf(exchange: Exchange, writes: readonly Write[]): Read | undefined {
  const got = exchange.request.method === 'GET' ? receivedObject(exchange) : undefined;
  const [, type] = /[?&]type=([^&]*)/.exec(exchange.request.url) ?? [];
  if (got === undefined || type === undefined) return undefined;
  const mark = markOf(got);
  const byMark = writes.find(({ operation }) => operation.value === mark)?.operation.value;
  const instant = Date.parse(String(got['timestamp']));
  const byInstant = writes.find((write) => write.instant === instant)?.operation.value;
  const { sentAt: invoked, receivedAt: responded } = exchange;
  return {
    type,
    // An instant of nobody is a corrupted one, which is another finding.
    isTorn: byMark !== undefined && byInstant !== undefined && byInstant !== byMark,
    operation: { kind: 'read', value: byMark ?? INITIAL, invoked, responded },
  };
}

function markOf({ body }: Record<string, unknown>): string | undefined {
  const mark = (body as Record<string, unknown> | undefined)?.[MARKER];
  return typeof mark === 'string' ? mark : undefined;
}
