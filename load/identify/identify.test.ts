import { describe, expect, test } from '@jest/globals';

import {
  alignedWindow,
  fixedWindow,
  fixedWindowCharged,
  severalNodes,
  slidingCounter,
  slidingLog,
  steppedBucket,
  tokenBucket,
  type Family,
} from '../../fixtures/provider/limiter-families.ts';
import { lehmer } from '../../fixtures/provider/random.ts';
import { firstCycle, furtherCycle, FURTHER_CYCLES, type Shot } from '../scripts/experiments.ts';
import { concludeFrom, isOpen, type Conclusion } from './conclude.ts';
import type { FamilyName } from './families.ts';
import { honestyOf } from './honesty.ts';
import { expectedOf, showsDisagreement, type Cycle } from './identify.ts';
import { SimulatedWorld } from './test-support/simulated-target.ts';

const documented = { limit: 100, window: 10 };

interface Truth {
  readonly family: Family;
  readonly limit: number;
  readonly window: number;
}

/** The experiments against a limiter behind a network, until one family explains them. */
async function found(
  { family, limit, window }: Truth,
  random: () => number,
  waitOf?: (left: number) => number | undefined,
): Promise<Conclusion & { cycles: Cycle[] }> {
  const counter = family({ limit, windowMs: window * 1000 });
  const decide = (now: number): number | undefined => {
    const left = counter.take(now * 1000);
    return left === undefined ? undefined : left / 1000;
  };
  const network = { roundTrip: 0.04 + 0.12 * random(), spread: 0.3, spikes: 0.01 };
  const world = new SimulatedWorld({
    decide,
    network,
    random,
    start: 1000 + 100 * random(),
    ...(waitOf && { waitOf }),
  });
  const cycles: Cycle[] = [];
  const cycle = async (work: Promise<void>): Promise<void> => {
    const before = world.shots.length;
    await world.run(work);
    cycles.push(world.shots.slice(before));
  };
  await cycle(firstCycle(world, documented));
  let concluded = concludeFrom({ cycles, lost: 0 }, documented);
  for (let turn = 0; turn < FURTHER_CYCLES && isOpen(concluded, cycles); turn++) {
    const expected = expectedOf(cycles, documented, concluded.identification);
    await cycle(furtherCycle(world, expected, turn, world.now()));
    concluded = concludeFrom({ cycles, lost: 0 }, documented);
  }
  return { cycles, ...concluded };
}

/** `fixed-window-charged` → `window` */
function kindOf(family: string): string {
  return /window|log|counter|bucket|nodes/.exec(family)?.[0] ?? '';
}

const families: Record<FamilyName, (random: () => number, window: number) => Family> = {
  'fixed-window': () => fixedWindow,
  'fixed-window-charged': () => fixedWindowCharged,
  'aligned-window': (random, window) => alignedWindow(random() * window * 1000),
  'sliding-log': () => slidingLog(),
  'sliding-log-charged': () => slidingLog(true),
  'sliding-counter': (random, window) => slidingCounter(false, random() * window * 1000),
  'sliding-counter-charged': (random, window) => slidingCounter(true, random() * window * 1000),
  'token-bucket': () => tokenBucket,
  'stepped-bucket': (random) => steppedBucket(random() * 1000),
  // Two of them look like one now and then.
  'several-nodes': (random) => severalNodes(3 + Math.floor(2 * random()), random),
};

/** A limiter of a family, of a size and behind a network that follow from a seed. */
async function foundOf(
  name: FamilyName,
  seed: number,
): Promise<Conclusion & { cycles: Cycle[]; limit: number }> {
  const random = lehmer(seed);
  for (let index = 0; index < 12; index++) random();
  const limit = 60 + Math.floor(91 * random());
  const window = 5 + Math.floor(11 * random());
  const conclusion = await found({ family: families[name](random, window), limit, window }, random);
  return { ...conclusion, limit };
}

describe.each(Object.keys(families) as FamilyName[])('%s', (name) => {
  test('is told from all others, with its limit', async () => {
    const { identification, ended, cycles, limit } = await foundOf(name, 7919 + name.length * 131);
    const [first] = identification?.ranking ?? [];
    const family = ended === 'distributed' ? 'several-nodes' : (first?.family ?? '');
    // Where only the kind is said to be known, the kind has to be right.
    if (ended === 'kind') expect(kindOf(family)).toBe(kindOf(name));
    else expect(family).toBe(name);
    expect(Math.abs((first?.fit.limit ?? 0) - limit) / limit).toBeLessThan(0.1);
    expect(honestyOf(cycles)).toMatchObject({ silent: 0, broken: 0, lateBy: 0 });
  }, 60_000);
});

test.each<[FamilyName, number]>([
  ['stepped-bucket', 147_268],
  ['several-nodes', 131_299],
  ['sliding-log', 2_743_479],
])(
  'one that looks like another is not taken for it with confidence: %s, seed %i',
  async (name, seed) => {
    const { identification, ended } = await foundOf(name, seed);
    const family = identification?.ranking[0]?.family ?? '';
    if (ended === 'certain') expect(family).toBe(name);
    else if (ended === 'kind') expect(kindOf(family)).toBe(kindOf(name));
    else expect(['all tried', 'distributed']).toContain(ended);
  },
  60_000,
);

describe('Retry-After', () => {
  const truth: Truth = { family: fixedWindow, limit: 100, window: 10 };

  test.each<[string, (left: number) => number | undefined, object]>([
    ['is missing', () => undefined, { silent: expect.any(Number), kept: 0 }],
    ['is always one second', () => 1, { lateBy: 0 }],
    ['is four seconds long', (left) => Math.ceil(left) + 4, { broken: 0 }],
  ])(
    '%s',
    async (title, waitOf, expected) => {
      const { cycles } = await found(truth, lehmer(3), waitOf);
      const honesty = honestyOf(cycles);
      expect(honesty).toMatchObject(expected);
      if (title === 'is always one second') expect(honesty.broken).toBeGreaterThan(0);
      if (title === 'is four seconds long') expect(honesty.lateBy).toBeGreaterThan(1);
      if (title === 'is missing') expect(honesty.silent).toBe(honesty.refused);
    },
    60_000,
  );
});

test.each<[string, (left: number) => number | undefined]>([
  ['two seconds at least', (left) => Math.max(2, Math.ceil(left))],
  ['always ten seconds', () => 10],
])(
  'one bucket that promises %s is not several nodes',
  async (_, waitOf) => {
    const truth: Truth = { family: tokenBucket, limit: 100, window: 10 };
    const { cycles } = await found(truth, lehmer(5), waitOf);
    const { ended, identification } = concludeFrom({ cycles, lost: 0 }, documented);
    expect([ended, identification?.ranking[0]?.family]).toEqual(['certain', 'token-bucket']);
  },
  60_000,
);

describe('nodes that disagree', () => {
  const shot = (sent: number, ok: boolean, wait = 10): Shot => ({
    part: 'lump',
    sent,
    received: sent + 0.05,
    ok,
    ...(!ok && { wait }),
  });

  test('show in a place that is given after all were said to be taken', () => {
    expect(showsDisagreement([shot(0, true), shot(1, false), shot(1.2, true), shot(1.4, false)])).toBe(true);
  });

  test('do not show in a bucket that gives places back', () => {
    expect(showsDisagreement([shot(0, true), shot(1, false, 1), shot(2.2, true), shot(2.4, false, 1)])).toBe(
      false,
    );
  });

  test('do not show in dates, which are rounded', () => {
    const dated = shot(1, false, 2);
    expect(showsDisagreement([shot(0, true), dated, shot(1.2, true), shot(1.4, false, 2)])).toBe(true);
    const slack = { ...dated, slack: 1 };
    expect(showsDisagreement([shot(0, true), slack, shot(1.2, true), shot(1.4, false, 2)])).toBe(false);
  });

  test('do not show where requests overtook each other', () => {
    expect(showsDisagreement([shot(0, true), shot(1, false), shot(1.02, true), shot(1.4, false)])).toBe(
      false,
    );
  });
});
