import type { Exchange, HttpRequest } from '../../http/exchange.ts';
import { readText } from '../../http/read-body.ts';
import {
  anomaliesIn,
  INITIAL,
  stalenessOf,
  type Anomaly,
  type Operation,
} from '../linearizability/anomalies.ts';
import type { Code } from '../codes.ts';
import { violation, type Violation } from '../check-result.ts';
import { markIn, markOf, typeAsked } from './write-id.ts';
import { receivedObject, sentObject } from './json-bodies.ts';
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
 * One client after the other or many at once: is there an order of their reads and writes that explains what each was
 * answered? Each managed client and type is a register of its own, and each write has a mark and an instant of its own.
 */
export const history: Relation = {
  judge(exchanges) {
    const { impossible, registers } = registersIn(exchanges);
    const worst = [...registers.values()].flatMap((operations) => anomaliesIn(operations).slice(0, 1));
    return [...impossible, ...worst.map(({ kind }) => violation(codeOf[kind], { details: { kind } }))];
  },
};

/** The same for a service that agrees in the end: only what no delay explains is a finding, and too long a delay. */
export const eventualHistory: Relation = {
  judge(exchanges) {
    const { impossible, registers } = registersIn(exchanges);
    const late = [...registers.values()].flatMap((operations): Violation[] => {
      if (!hasConverged(operations)) return [violation('state.history.lost', { details: { kind: 'lost' } })];
      const age = stalenessOf(operations, 10 * EVENTUALLY_MS, PRECISION_MS);
      if (age !== undefined && age <= EVENTUALLY_MS) return [];
      const [worst] = anomaliesIn(operations);
      const kind = worst?.kind ?? 'stale';
      if (age === undefined) return [violation(codeOf[kind], { details: { kind } })];
      return [violation('state.history.stale', { severity: 'minor', details: { kind, age } })];
    });
    return [...impossible, ...late];
  },
};

/**
 * Does the last read show a write that no later one had replaced when it was asked? Whoever asks for this reads again for
 * as long as a service may take to agree.
 */
function hasConverged(operations: readonly Operation[]): boolean {
  const last = operations.filter(({ kind }) => kind === 'read').sort((a, b) => b.invoked - a.invoked)[0];
  const writes = operations.filter(({ kind }) => kind === 'write');
  // One write may have been sent again: the same value, later.
  const shown = writes
    .filter(({ value }) => value === last?.value)
    .sort((a, b) => b.responded - a.responded)[0];
  if (last === undefined) return true;
  // What was there before may only be shown for as long as no write was acknowledged.
  if (shown === undefined) return writes.every(({ responded }) => responded >= last.invoked);
  return writes.every(({ invoked, responded }) => invoked <= shown.responded || responded >= last.invoked);
}

/** How much older than the latest write reads were, at most, in milliseconds; undefined where no age explains them. */
export function ageOfReads(exchanges: readonly Exchange[]): number | undefined {
  const ages = [...registersIn(exchanges).registers.values()].map((operations) =>
    stalenessOf(operations, 10 * EVENTUALLY_MS, PRECISION_MS),
  );
  return ages.reduce<number | undefined>(
    (worst, age) => (worst === undefined || age === undefined ? undefined : Math.max(worst, age)),
    0,
  );
}

interface Registers {
  /** What no order of reads and writes explains: torn reads, and reads of what was refused. */
  readonly impossible: readonly Violation[];
  /** By managed client and type. */
  readonly registers: ReadonlyMap<string, readonly Operation[]>;
}

function registersIn(exchanges: readonly Exchange[]): Registers {
  const writes = exchanges.flatMap((exchange) => writeOf(exchange) ?? []);
  // A write that came twice may have been taken once.
  const taken = new Set(writes.map(({ operation }) => operation.value));
  const refused = new Map(exchanges.flatMap(refusedMark).filter(([mark]) => !taken.has(mark)));
  const reads = exchanges.flatMap((exchange) => readOf(exchange, writes) ?? []);
  const applied = reads.flatMap(({ mark }) => refused.get(mark ?? '') ?? []);
  const registers = new Map<string, Operation[]>();
  const whole = reads.filter(({ isTorn, mark }) => !isTorn && !refused.has(mark ?? ''));
  for (const { register, operation } of [...writes, ...whole]) {
    registers.set(register, [...(registers.get(register) ?? []), operation]);
  }
  const impossible = [
    ...(reads.some(({ isTorn }) => isTorn) ? [violation('state.history.torn')] : []),
    ...applied
      .slice(0, 1)
      .map((status) => violation('state.rejected-write.applied', { details: { status } })),
  ];
  return { impossible, registers };
}

/** The service looked at the report and did not take it. Any other error may come after it was stored. */
const REFUSALS = [400, 401, 403, 404, 413, 415, 422];

/** The mark of a write that was refused, with the status that said so. */
function refusedMark({ request, answer }: Exchange): [string, number][] {
  if (request.method !== 'POST' || answer.kind !== 'response' || !REFUSALS.includes(answer.status)) return [];
  const text = readText(request.body);
  const mark = text.kind === 'text' ? markIn(text.text) : undefined;
  return mark === undefined ? [] : [[mark, answer.status]];
}

/** `/beta/managed-clients/a/status` and a type. */
function registerOf({ url }: HttpRequest, type: unknown): string {
  const [path] = url.split('?');
  return `${path} ${String(type)}`;
}

interface Write {
  readonly register: string;
  readonly instant: number;
  readonly operation: Operation;
}

function writeOf(exchange: Exchange): Write | undefined {
  const sent = exchange.request.method === 'POST' ? sentObject(exchange) : undefined;
  const value = sent && markOf(sent);
  if (sent === undefined || value === undefined) return undefined;
  const { answer, sentAt, receivedAt } = exchange;
  if (answer.kind === 'response' && REFUSALS.includes(answer.status)) return undefined; // judged for itself
  const isAcknowledged = answer.kind === 'response' && answer.status < 300;
  const responded = isAcknowledged ? receivedAt : Infinity;
  const operation = { kind: 'write', value, invoked: sentAt, responded } as const;
  return {
    register: registerOf(exchange.request, sent['type']),
    instant: Date.parse(String(sent['timestamp'])),
    operation,
  };
}

interface Read {
  readonly register: string;
  readonly mark: string | undefined;
  readonly isTorn: boolean;
  readonly operation: Operation;
}

/** A read shows one write in its body and in its timestamp, or two that were torn into one. */
function readOf(exchange: Exchange, writes: readonly Write[]): Read | undefined {
  const got = exchange.request.method === 'GET' ? receivedObject(exchange) : undefined;
  const type = typeAsked(exchange.request.url);
  if (got === undefined || type === undefined) return undefined;
  const mark = markOf(got);
  const byMark = writes.find(({ operation }) => operation.value === mark)?.operation.value;
  const instant = Date.parse(String(got['timestamp']));
  const byInstant = writes.find((write) => write.instant === instant)?.operation.value;
  const { sentAt: invoked, receivedAt: responded } = exchange;
  return {
    register: registerOf(exchange.request, type),
    mark,
    // An instant of nobody is a corrupted one, which is another finding.
    isTorn: byMark !== undefined && byInstant !== undefined && byInstant !== byMark,
    operation: { kind: 'read', value: byMark ?? INITIAL, invoked, responded },
  };
}
