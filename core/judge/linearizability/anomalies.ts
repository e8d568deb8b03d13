/** A read or a write of one register. Times are of one clock, in any unit; every write has a value of its own. */
export interface Operation {
  readonly kind: 'read' | 'write';
  readonly value: string;
  readonly invoked: number;
  /** Infinity for a write that was never acknowledged: it may have happened, at any time. */
  readonly responded: number;
}

/** What is wrong with a history; `values` are the writes that it is about. */
export interface Anomaly {
  readonly kind: 'phantom' | 'future' | 'stale' | 'lost';
  readonly values: readonly string[];
}

/** What the register held before the history, where nobody wrote it in the history. */
export const INITIAL = 'initial';

interface Zone {
  readonly value: string;
  readonly isForward: boolean;
  readonly from: number;
  readonly to: number;
}

/**
 * Is there an order of reads and writes that explains what was read, and that keeps to the clock? With a value of its
 * own for every write that is decided by zones, in n log n: Gibbons and Korach, Testing Shared Memories, SIAM J.
 * Comput. 26 (1997), section 4. A value's zone spans what has to lie together: the earliest response and the latest
 * invocation of its write and its reads.
 */
export function anomaliesIn(history: readonly Operation[]): Anomaly[] {
  const values = byValue(history);
  const impossible = [...values].flatMap(([value, operations]) => impossibleReads(value, operations));
  if (impossible.length > 0) return impossible;
  const zones = [...values].flatMap(([value, operations]) => zoneOf(value, operations));
  return [...overlappingForward(zones), ...backwardInside(zones)];
}

function byValue(history: readonly Operation[]): Map<string, Operation[]> {
  const values = new Map<string, Operation[]>();
  for (const operation of history) {
    const { value } = operation;
    values.set(value, [...(values.get(value) ?? []), operation]);
  }
  return values;
}

function impossibleReads(value: string, operations: readonly Operation[]): Anomaly[] {
  const write = operations.find(({ kind }) => kind === 'write');
  const reads = operations.filter(({ kind }) => kind === 'read');
  if (value === INITIAL || reads.length === 0) return [];
  if (write === undefined) return [{ kind: 'phantom', values: [value] }];
  const isEarly = reads.some(({ responded }) => responded < write.invoked);
  return isEarly ? [{ kind: 'future', values: [value] }] : [];
}

function zoneOf(value: string, operations: readonly Operation[]): Zone[] {
  const isRead = operations.some(({ kind }) => kind === 'read');
  const isAcknowledged = operations.some(({ kind, responded }) => kind === 'write' && responded !== Infinity);
  if (value !== INITIAL && !isRead && !isAcknowledged) return [];
  const before = value === INITIAL ? [-Infinity] : [];
  const first = Math.min(...before, ...operations.map(({ responded }) => responded));
  const last = Math.max(...before, ...operations.map(({ invoked }) => invoked));
  return [{ value, isForward: first < last, from: Math.min(first, last), to: Math.max(first, last) }];
}

/** Two values that both had to be there at the same time: one of the reads was stale. */
function overlappingForward(zones: readonly Zone[]): Anomaly[] {
  const forward = zones.filter(({ isForward }) => isForward).sort((a, b) => a.from - b.from);
  const anomalies: Anomaly[] = [];
  let widest: Zone | undefined;
  for (const zone of forward) {
    if (widest !== undefined && zone.from < widest.to)
      anomalies.push({ kind: 'stale', values: [widest.value, zone.value] });
    if (widest === undefined || zone.to > widest.to) widest = zone;
  }
  return anomalies;
}

/** A value that came and went while another one had to be there. */
function backwardInside(zones: readonly Zone[]): Anomaly[] {
  const forward = zones.filter(({ isForward }) => isForward);
  return zones
    .filter(({ isForward }) => !isForward)
    .flatMap((zone): Anomaly[] => {
      const around = forward.find(({ from, to }) => from < zone.from && zone.to < to);
      return around === undefined ? [] : [{ kind: 'lost', values: [zone.value, around.value] }];
    });
}

/**
 * How old reads have to be allowed to be for the history to be explained, found to within `precision`.
 * @param most the age that is tried at most
 * @returns undefined where no age explains it
 */
export function stalenessOf(
  history: readonly Operation[],
  most: number,
  precision: number,
): number | undefined {
  const explains = (age: number): boolean => anomaliesIn(history.map((one) => aged(one, age))).length === 0;
  if (explains(0)) return 0;
  if (!explains(most)) return undefined;
  let [low, high] = [0, most];
  while (high - low > precision) {
    const middle = (low + high) / 2;
    if (explains(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** A read that may be as old as `age` is one that was asked for so much earlier. */
function aged(operation: Operation, age: number): Operation {
  return operation.kind === 'read' ? { ...operation, invoked: operation.invoked - age } : operation;
}
