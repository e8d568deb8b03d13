import type { Exchange, HttpRequest } from '../../http/exchange.ts';
import { isSafeMethod } from '../../http/methods.ts';
import { readText } from '../../http/read-body.ts';
import { isRejection } from '../../http/status.ts';
import { violation, type Violation } from '../check-result.ts';
import type { Code } from '../codes.ts';
import {
  anomaliesIn,
  INITIAL,
  stalenessOf,
  type Anomaly,
  type RegisterOperation,
} from '../linearizability/anomalies.ts';
import { receivedObject, sentObject } from './json-bodies.ts';
import type { Relation } from './relation.ts';
import { requestedType, writeIdIn, writeIdOf } from './write-id.ts';

/** The age of reads that an eventually consistent service may have. */
const MAX_READ_AGE_MS = 2000;
const MAX_MEASURED_AGE_MS = 10 * MAX_READ_AGE_MS;
const PRECISION_MS = 1;

const codeOf: Record<Anomaly['kind'], Code> = {
  phantom: 'state.history.phantom',
  future: 'state.history.phantom',
  stale: 'state.history.stale',
  lost: 'state.history.lost',
};

/**
 * Sequential or concurrent reads and writes are linearizable. Each managed client and type is a register of its own, and
 * each write has its own write id and timestamp.
 */
export const linearizability: Relation = {
  judge(exchanges) {
    const { impossible, registers } = registersIn(exchanges);
    const worst = [...registers.values()].flatMap((operations) => anomaliesIn(operations).slice(0, 1));
    return [...impossible, ...worst.map(({ kind }) => violation(codeOf[kind], { details: { kind } }))];
  },
};

/** Reads may be stale for a limited time, and the last read shows a latest write. */
export const eventualConsistency: Relation = {
  judge(exchanges) {
    const { impossible, registers } = registersIn(exchanges);
    const late = [...registers.values()].flatMap((operations): Violation[] => {
      if (!hasConverged(operations)) return [violation('state.history.lost', { details: { kind: 'lost' } })];
      const age = stalenessOf(operations, MAX_MEASURED_AGE_MS, PRECISION_MS);
      if (age !== undefined && age <= MAX_READ_AGE_MS) return [];
      const [worst] = anomaliesIn(operations);
      const kind = worst?.kind ?? 'stale';
      if (age === undefined) return [violation(codeOf[kind], { details: { kind } })];
      return [violation('state.history.stale', { details: { kind, age } })];
    });
    return [...impossible, ...late];
  },
};

/** Whether the last read shows a write that no later acknowledged write had replaced when the read was sent. */
function hasConverged(operations: readonly RegisterOperation[]): boolean {
  const last = operations.filter(({ kind }) => kind === 'read').sort((a, b) => b.invoked - a.invoked)[0];
  const writes = operations.filter(({ kind }) => kind === 'write');
  // A retried write occurs twice with the same value.
  const shown = writes
    .filter(({ value }) => value === last?.value)
    .sort((a, b) => b.responded - a.responded)[0];
  if (last === undefined) return true;
  if (shown === undefined) return writes.every(({ responded }) => responded >= last.invoked);
  return writes.every(({ invoked, responded }) => invoked <= shown.responded || responded >= last.invoked);
}

/**
 * The largest age of a read, in milliseconds.
 * @returns undefined if no age explains the reads
 */
export function maxReadAge(exchanges: readonly Exchange[]): number | undefined {
  const ages = [...registersIn(exchanges).registers.values()].map((operations) =>
    stalenessOf(operations, MAX_MEASURED_AGE_MS, PRECISION_MS),
  );
  return ages.reduce<number | undefined>(
    (worst, age) => (worst === undefined || age === undefined ? undefined : Math.max(worst, age)),
    0,
  );
}

interface Registers {
  /** Reads that no order of the operations explains: torn reads, and reads of rejected writes. */
  readonly impossible: readonly Violation[];
  /** By managed client and type. */
  readonly registers: ReadonlyMap<string, readonly RegisterOperation[]>;
}

function registersIn(exchanges: readonly Exchange[]): Registers {
  const writes = exchanges.flatMap((exchange) => writeOf(exchange) ?? []);
  // A retried write may have been rejected once and accepted once.
  const accepted = new Set(writes.map(({ operation }) => operation.value));
  const rejected = new Map(exchanges.flatMap(rejectedWriteId).filter(([writeId]) => !accepted.has(writeId)));
  const reads = exchanges.flatMap((exchange) => readOf(exchange, writes) ?? []);
  const applied = reads.flatMap(({ writeId }) => rejected.get(writeId ?? '') ?? []);
  const registers = new Map<string, RegisterOperation[]>();
  const whole = reads.filter(({ isTorn, writeId }) => !isTorn && !rejected.has(writeId ?? ''));
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

/** The id of a rejected write with the status that rejected it. */
function rejectedWriteId({ request, answer }: Exchange): [string, number][] {
  if (isSafeMethod(request.method) || answer.kind !== 'response' || !isRejection(answer.status)) return [];
  const text = readText(request.body);
  const writeId = text.kind === 'text' ? writeIdIn(text.text) : undefined;
  return writeId === undefined ? [] : [[writeId, answer.status]];
}

/** The key of a register: `/beta/managed-clients/a/status` and a type. */
function registerOf({ url }: HttpRequest, type: unknown): string {
  const [path] = url.split('?');
  return `${path} ${String(type)}`;
}

interface Write {
  readonly register: string;
  readonly instant: number;
  readonly operation: RegisterOperation;
}

function writeOf(exchange: Exchange): Write | undefined {
  const sent = isSafeMethod(exchange.request.method) ? undefined : sentObject(exchange);
  const value = sent && writeIdOf(sent);
  if (sent === undefined || value === undefined) return undefined;
  const { answer, sentAt, receivedAt } = exchange;
  if (answer.kind === 'response' && isRejection(answer.status)) return undefined;
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
  readonly writeId: string | undefined;
  readonly isTorn: boolean;
  readonly operation: RegisterOperation;
}

/** A read identifies a write by its write id and by its timestamp. If the two disagree, the read is torn. */
function readOf(exchange: Exchange, writes: readonly Write[]): Read | undefined {
  const received = isSafeMethod(exchange.request.method) ? receivedObject(exchange) : undefined;
  const type = requestedType(exchange.request.url);
  if (received === undefined || type === undefined) return undefined;
  const writeId = writeIdOf(received);
  const byId = writes.find(({ operation }) => operation.value === writeId)?.operation.value;
  const instant = Date.parse(String(received['timestamp']));
  const byInstant = writes.find((write) => write.instant === instant)?.operation.value;
  const { sentAt: invoked, receivedAt: responded } = exchange;
  return {
    register: registerOf(exchange.request, type),
    writeId,
    // A timestamp that no write has is corrupted, which read-your-writes reports.
    isTorn: byId !== undefined && byInstant !== undefined && byInstant !== byId,
    operation: { kind: 'read', value: byId ?? INITIAL, invoked, responded },
  };
}
