/** A read or a write of one register. All times are of one clock, in any unit. Every write has a value of its own. */
export interface RegisterOperation {
  readonly kind: 'read' | 'write';
  readonly value: string;
  readonly invoked: number;
  /** Infinity for a write without acknowledgement, which may take effect at any time or never. */
  readonly responded: number;
}

/** Why a history is not linearizable. `values` are the values of the writes involved. */
export interface Anomaly {
  readonly kind: 'phantom' | 'future' | 'stale' | 'lost';
  readonly values: readonly string[];
}

/** The value before the history. */
export const INITIAL = 'initial';

interface Zone {
  readonly value: string;
  readonly isForward: boolean;
  readonly from: number;
  readonly to: number;
}

/**
 * Checks whether a history is linearizable: whether an order of the operations exists that explains all reads and
 * respects the clock. Because every write has a value of its own, zones decide this in O(n log n): Gibbons and Korach,
 * Testing Shared Memories, SIAM J. Comput. 26 (1997), section 4. The zone of a value is the time between the earliest
 * response and the latest invocation of its write and its reads.
 * @returns the anomalies, empty for a linearizable history
 */
export function anomaliesIn(history: readonly RegisterOperation[]): Anomaly[] {
  const values = byValue(history);
  const impossible = [...values].flatMap(([value, operations]) => impossibleReads(value, operations));
  if (impossible.length > 0) return impossible;
  const zones = [...values].flatMap(([value, operations]) => zoneOf(value, operations));
  return [...overlappingForward(zones), ...backwardInside(zones)];
}

function byValue(history: readonly RegisterOperation[]): Map<string, RegisterOperation[]> {
  const values = new Map<string, RegisterOperation[]>();
  for (const operation of history) {
    const { value } = operation;
    values.set(value, [...(values.get(value) ?? []), operation]);
  }
  return values;
}

function impossibleReads(value: string, operations: readonly RegisterOperation[]): Anomaly[] {
  const write = operations.find(({ kind }) => kind === 'write');
  const reads = operations.filter(({ kind }) => kind === 'read');
  if (value === INITIAL || reads.length === 0) return [];
  if (write === undefined) return [{ kind: 'phantom', values: [value] }];
  const isEarly = reads.some(({ responded }) => responded < write.invoked);
  return isEarly ? [{ kind: 'future', values: [value] }] : [];
}

function zoneOf(value: string, operations: readonly RegisterOperation[]): Zone[] {
  const isRead = operations.some(({ kind }) => kind === 'read');
  const isAcknowledged = operations.some(({ kind, responded }) => kind === 'write' && responded !== Infinity);
  if (value !== INITIAL && !isRead && !isAcknowledged) return [];
  const before = value === INITIAL ? [-Infinity] : [];
  const first = Math.min(...before, ...operations.map(({ responded }) => responded));
  const last = Math.max(...before, ...operations.map(({ invoked }) => invoked));
  return [{ value, isForward: first < last, from: Math.min(first, last), to: Math.max(first, last) }];
}

/** Two values that were both current at the same time: one of the reads was stale. */
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

/** A value that was current only while another value was current. */
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
 * The smallest age of reads that explains a history, by bisection.
 * @param maxAge the largest age to try
 * @param precision the largest error of the result
 * @returns undefined if no age up to `maxAge` explains the history
 */
export function stalenessOf(
  history: readonly RegisterOperation[],
  maxAge: number,
  precision: number,
): number | undefined {
  const explains = (age: number): boolean => anomaliesIn(history.map((one) => aged(one, age))).length === 0;
  if (explains(0)) return 0;
  if (!explains(maxAge)) return undefined;
  let [low, high] = [0, maxAge];
  while (high - low > precision) {
    const middle = (low + high) / 2;
    if (explains(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** A read that may be stale by `age` is equivalent to a read that started earlier by `age`. */
function aged(operation: RegisterOperation, age: number): RegisterOperation {
  return operation.kind === 'read' ? { ...operation, invoked: operation.invoked - age } : operation;
}
