import type { Outcome } from '../contracts/index.ts';
import type { Dimension } from './k6/dimensions.ts';
import type { TraceLine } from './k6/trace.ts';
import { concluded, scenario, type LoadOptions } from './run-scenario.ts';
import { judgeReceding } from './verdicts/receding.ts';
import { judgeRecovery, probeTimes } from './verdicts/recovery.ts';
import { judgeRefusedWrites } from './verdicts/refused-writes.ts';

export interface LoadPlan {
  readonly requests: number;
  readonly writes: number;
  /** Windows in which the quota is exceeded. */
  readonly violations: number;
  readonly durationMs: number;
}

export interface Over {
  readonly lines: readonly TraceLine[];
  /** The burst alone. */
  readonly burst: readonly TraceLine[];
  readonly limited: boolean;
}

/** A burst, and how the service comes back from it. */
export async function* overAndBack(
  options: LoadOptions,
  dimensions: readonly Dimension[],
): AsyncGenerator<Outcome, Over> {
  const { quota, guard } = options;
  const lines = yield* scenario(options, 'over', { dimensions });
  const burst = lines.filter(({ phase }) => phase === 'over');
  const limited = burst.some(({ status }) => status === 429);
  if (!limited) return { lines, burst, limited };
  const probes = yield* scenario(options, 'recover', { probesAt: probeTimes(lines, quota) });
  yield concluded('recovery', 'recover', judgeRecovery(lines, probes, quota));
  yield concluded('promises count down', 'recover', judgeReceding(lines, quota));
  if (guard.allows('write')) {
    yield concluded('refused reports', 'recover', judgeRefusedWrites([...lines, ...probes]));
  }
  return { lines, burst, limited };
}
