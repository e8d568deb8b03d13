import {
  alignedWindow,
  distributed,
  fixedWindow,
  intervalRefill,
  slidingCounter,
  slidingLog,
  tokenBucket,
  type CounterFactory,
} from '../../../fixtures/provider/limiter/limiter-families.ts';
import { lehmer } from '../../../fixtures/provider/random.ts';
import { firstCycle, furtherCycle, FURTHER_CYCLES } from '../../scripts/limiter/experiments.ts';
import { concludeFrom, needsCycle, type Conclusion } from '../conclude.ts';
import type { LimiterFamily } from '../families.ts';
import { expectedLimiter, type Cycle } from '../identify.ts';
import { evaluateRetryAfter, type RetryAfterAccuracy } from '../retry-after-accuracy.ts';
import { SimulatedTarget } from './simulated-target.ts';

const documented = { limit: 100, windowMs: 10_000 };

const families: Record<LimiterFamily, (random: () => number, windowMs: number) => CounterFactory> = {
  'fixed-window': () => fixedWindow(),
  'fixed-window-rejections-counted': () => fixedWindow(true),
  'aligned-window': (random, windowMs) => alignedWindow(random() * windowMs),
  'sliding-log': () => slidingLog(),
  'sliding-log-rejections-counted': () => slidingLog(true),
  'sliding-counter': (random, windowMs) => slidingCounter(false, random() * windowMs),
  'sliding-counter-rejections-counted': (random, windowMs) => slidingCounter(true, random() * windowMs),
  'token-bucket': () => tokenBucket(),
  'interval-refill': (random) => intervalRefill(random() * 1000),
  // Two nodes sometimes resemble a single one.
  distributed: (random) => distributed(3 + Math.floor(2 * random()), random),
};

/** The Retry-After headers of a simulated limiter. */
const announcements = {
  missing: () => undefined,
  'one second': () => 1,
  'four seconds too long': (seconds: number) => Math.ceil(seconds) + 4,
  'at least two seconds': (seconds: number) => Math.max(2, Math.ceil(seconds)),
  'always ten seconds': () => 10,
} as const;

export interface SimulationSpec {
  readonly family: LimiterFamily;
  readonly seed: number;
  /** Undefined: a correct Retry-After. */
  readonly retryAfter?: keyof typeof announcements;
  /** Undefined: limit and window depend on the seed. */
  readonly quota?: typeof documented;
}

export interface SimulatedIdentification {
  readonly limit: number;
  readonly conclusion: Conclusion;
  readonly accuracy: RetryAfterAccuracy;
}

/** Runs the experiments against a limiter behind a network, until a single family explains them. */
export async function simulateIdentification(spec: SimulationSpec): Promise<SimulatedIdentification> {
  const random = lehmer(spec.seed);
  const quota = spec.quota ?? randomQuota(random);
  const limiter = families[spec.family](random, quota.windowMs)(quota);
  const network = { roundTripMs: 40 + 120 * random(), spread: 0.3, spikes: 0.01 };
  const announce = spec.retryAfter && announcements[spec.retryAfter];
  const startMs = 1_000_000 + 100_000 * random();
  const target = new SimulatedTarget({ limiter, network, random, startMs, ...(announce && { announce }) });
  const cycles: Cycle[] = [];
  const runCycle = async (work: Promise<void>): Promise<Conclusion> => {
    const before = target.exchanges.length;
    await target.run(work);
    cycles.push(target.exchanges.slice(before));
    return concludeFrom({ cycles, lost: 0 }, documented);
  };
  let conclusion = await runCycle(firstCycle(target, documented));
  for (let turn = 0; turn < FURTHER_CYCLES && needsCycle(conclusion, cycles); turn++) {
    const expected = expectedLimiter(cycles, documented, conclusion.identification);
    conclusion = await runCycle(furtherCycle(target, expected, turn, target.now()));
  }
  return { limit: quota.limit, conclusion, accuracy: evaluateRetryAfter(cycles) };
}

function randomQuota(random: () => number): typeof documented {
  // The first values of consecutive seeds are similar.
  for (let index = 0; index < 12; index++) random();
  return { limit: 60 + Math.floor(91 * random()), windowMs: 1000 * (5 + Math.floor(11 * random())) };
}
