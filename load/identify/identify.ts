import { evidenceOf, logSumExp, surprisesIn, type Evidence, type Fit } from './evidence.ts';
import { familyNames, models, type FamilyName } from './families.ts';
import { severalNodesEvidence } from './several-nodes.ts';
import { LARGEST, type Expected, type Part, type Shot } from '../scripts/experiments.ts';
import { feedOf } from './trace.ts';

/** One family, with its share of the belief and its best parameters. */
export interface Ranked {
  readonly family: FamilyName;
  readonly posterior: number;
  readonly fit: Fit;
  readonly windowMass: number;
}

/** What a trace says of a limiter. */
export interface Identification {
  /** `family`: one of them, and nothing else is likely. `group`: only what it is like. `inconclusive`: the first two of `ranking`. */
  readonly certainty: 'family' | 'group' | 'inconclusive';
  readonly ranking: readonly Ranked[];
  /** Requests that the best explanation did not expect. */
  readonly surprises: number;
  /** One client saw a place taken after it had been told that all are: nodes that do not agree, or not at once. */
  readonly isDistributed: boolean;
}

/** A cycle of experiments: everything that was sent from one rest to the next. */
export type Cycle = readonly Shot[];

const SURE = 0.99;
/**
 * Two cycles have to say more: of 700 simulated limiters two looked like another family, and more likely by a factor of a
 * thousand and of a hundred thousand.
 */
const SURE_OF_TWO = 1 - 1e-6;
const SURE_OF_WINDOW = 0.9;
/** How likely a family is says less where it surprises: a log of requests looked like a window, with 0.996 and 8 surprises. */
const SURE_OF_KIND = 0.9999;
/**
 * So many requests that a family did not expect are more than an unsteady network explains: 2, 5 and 8 were seen of sound
 * limiters, where several nodes and others that only look like the family made 3, 6 and more.
 */
const SURPRISING: Readonly<Record<FamilyName, number>> = {
  'fixed-window': 3,
  'fixed-window-charged': 3,
  'aligned-window': 3,
  'sliding-log': 5,
  'sliding-log-charged': 4,
  'sliding-counter': 8,
  'sliding-counter-charged': 3,
  'token-bucket': 8,
  'stepped-bucket': 10,
  'several-nodes': 1,
};

/**
 * Finds out, from what was served and refused alone, how a limiter counts: how well does each family explain the trace?
 * Retry-After is not asked, for it may lie.
 */
export function identify(cycles: readonly Cycle[]): Identification {
  const feed = feedOf(cycles.flat());
  const served = servedIn(cycles[0] ?? []);
  const evidence = familyNames.map((family): [FamilyName, Evidence] => [
    family,
    family === 'several-nodes' ? severalNodesEvidence(feed, served) : evidenceOf(models[family], feed),
  ]);
  const total = logSumExp(evidence.map(([, { log }]) => log));
  const ranking = evidence
    .map(([family, { log, best, windowMass }]): Ranked => ({
      family,
      posterior: Math.exp(log - total),
      fit: best,
      // Its window starts anew with every refusal: a trace only says what it is at least.
      windowMass: family === 'fixed-window-charged' ? 1 : windowMass,
    }))
    .toSorted((a, b) => b.posterior - a.posterior);
  const [first] = ranking;
  if (first === undefined) throw new Error('no family was tried');
  const surprises = first.family === 'several-nodes' ? 0 : surprisesIn(models[first.family], feed, first.fit);
  const isDistributed = cycles.some((cycle) => showsDisagreement(cycle.filter(isOfLump)));
  const sure = cycles.length > 2 ? SURE : SURE_OF_TWO;
  return { certainty: certaintyOf(first, surprises, sure), ranking, surprises, isDistributed };
}

/** Bursts in which the order is known well enough to say that nodes disagree. */
function isOfLump({ part }: Shot): boolean {
  const lumps: readonly Part[] = ['burst', 'lump', 'after'];
  return lumps.includes(part);
}

function servedIn(cycle: Cycle): number {
  return Math.max(4, cycle.filter(({ part, ok }) => part === 'burst' && ok).length);
}

/**
 * What the next cycle goes by: of the first one how many were served at once and when the next was, and then what was
 * identified.
 */
export function expectedOf(cycles: readonly Cycle[], documented: Expected, found?: Identification): Expected {
  const fit = found?.ranking[0]?.fit;
  if (fit !== undefined) {
    const { window, rate } = fit.parameters;
    const seconds = window ?? fit.limit / (rate ?? 1);
    return { limit: within(fit.limit, 4, LARGEST * documented.limit), window: within(seconds, 1, 30) };
  }
  const [first = []] = cycles;
  const began = Math.min(...first.map(({ sent }) => sent));
  const back = first.find(({ part, ok }) => part === 'probe' && ok)?.received ?? began;
  const limit = Math.min(servedIn(first), LARGEST * documented.limit);
  const least = limit >= 0.4 * documented.limit ? documented.window : 1;
  return { limit, window: Math.min(2.5 * documented.window, Math.max(back - began, least)) };
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

function certaintyOf(
  { posterior, windowMass, family, fit }: Ranked,
  surprises: number,
  sure: number,
): Identification['certainty'] {
  if (posterior < sure || windowMass < SURE_OF_WINDOW) return 'inconclusive';
  if (fit.hidden === 0 && surprises < SURPRISING[family]) return 'family';
  return posterior >= SURE_OF_KIND ? 'group' : 'inconclusive';
}

/** Places that one limiter would have given to others first. */
const FEW_BETWEEN = 5;
const LONGEST_S = 3;

/**
 * A request that was served after another had been refused and told to wait longer than that, with hardly any served in
 * between: one limiter that does both at once has no such history.
 */
export function showsDisagreement(lump: readonly Shot[]): boolean {
  const refused = lump.filter(({ ok, wait }) => !ok && wait !== undefined);
  const served = lump.filter(({ ok }) => ok);
  return served.some((accept) =>
    refused.some((reject) => {
      const isAfter =
        reject.received < accept.sent &&
        accept.sent - reject.received < LONGEST_S &&
        accept.received < reject.sent + (reject.wait ?? 0) - (reject.slack ?? 0) - 1.05;
      if (!isAfter) return false;
      return refused.some((later) => {
        if (later.sent <= accept.sent) return false;
        const between = served.filter(({ sent }) => sent > accept.sent && sent < later.sent).length;
        return between <= FEW_BETWEEN;
      });
    }),
  );
}
