import { formatQuota, type Quota } from '../../core/index.ts';
import {
  honestyOf,
  type Conclusion,
  type Cycle,
  type Evident,
  type FamilyName,
  type Ranked,
  type Shot,
} from '../../load/index.ts';

const families: Record<FamilyName, string> = {
  'fixed-window': 'a window that starts with the first request',
  'fixed-window-charged': 'a window that every refused request starts anew',
  'aligned-window': 'windows by the clock',
  'sliding-log': 'a log of the last window',
  'sliding-log-charged': 'a log of the last window, refused requests included',
  'sliding-counter': 'this window and its share of the one before',
  'sliding-counter-charged': 'this window and its share of the one before, refused requests included',
  'token-bucket': 'a bucket that fills evenly',
  'stepped-bucket': 'a bucket that fills once a second',
  'several-nodes': 'several nodes, each with its share',
};

/** Everything there is to tell of a limiter. */
type Found = Evident & Conclusion;

/** What was found out about a limiter, as it is printed. */
export function describeLimiter(found: Found, quota: Quota): string {
  const { cycles, ended, lost } = found;
  const shots = cycles.flat();
  const refused = shots.filter(({ ok }) => !ok).length;
  const seconds =
    shots.length === 0 ? 0 : Math.max(...shots.map(({ received }) => received)) - firstOf(shots);
  const gone = lost === 0 ? '' : `, ${lost} answers that say nothing of a limiter`;
  return [
    ...rows(found, quota),
    ...further(found),
    ...(refused === 0 ? [] : [`  Retry-After  ${honestyIn(cycles)}`]),
    `  Evidence     ${shots.length} requests in ${cycles.length} ${cycles.length === 1 ? 'cycle' : 'cycles'}, ${seconds.toFixed(0)} s; ${refused} refused${gone}`,
    '',
    ...cycles.flatMap(drawing),
    '     █ served  ░ refused  ▓ both',
    '',
    endings[ended],
    '',
  ].join('\n');
}

function rows({ identification, ended, queue }: Found, quota: Quota): string[] {
  if (queue !== undefined) {
    const { perSecond, longest } = queue;
    return [
      `  Limit        ${perSecond.toFixed(1)} requests each second, the others wait up to ${longest.toFixed(1)} s (promised: ${formatQuota(quota)})`,
    ];
  }
  const [first, second] = identification?.ranking ?? [];
  if (first === undefined) return [];
  const next = second === undefined ? '' : `; next: ${families[second.family]}, ${percent(second)}`;
  const isDistributed = ended === 'distributed';
  const nodes = identification?.ranking.find(({ family }) => family === 'several-nodes');
  const whole = isDistributed && nodes !== undefined ? nodes : first;
  const by = ended === 'kind' ? `something like ${families[first.family]}` : families[first.family];
  const hidden =
    whole.fit.hidden > 0 ? [`  Beside it    requests of others, ${whole.fit.hidden} a second`] : [];
  return [
    ...(isDistributed ? [] : [`  Counts by    ${by} (${percent(first)}${next})`]),
    `  Limit        ${ended === 'certain' ? '' : 'about '}${whole.fit.limit} requests ${rateOf(whole)} (promised: ${formatQuota(quota)})`,
    ...hidden,
  ];
}

/** What it counts by, and whether it is the only one. */
function further({ countsBy, hasSecond, sustained }: Found): string[] {
  const named = (how: string): string =>
    countsBy.flatMap(([name, shown]) => (shown === how ? [name] : [])).join(', ');
  const unknown = countsBy.flatMap(([name, shown]) => (shown.startsWith('key-') ? [name] : [])).join(', ');
  return [
    ...(named('apart') === '' ? [] : [`  Key          a quota of its own for each ${named('apart')}`]),
    ...(named('shared') === '' ? [] : [`  Shared by    every ${named('shared')}`]),
    ...(unknown === '' ? [] : [`  Unknown      whether it counts by ${unknown}`]),
    ...(sustained === undefined || (hasSecond === undefined && sustained.refused > 0)
      ? []
      : [
          `  Second       ${hasSecond === true ? `there is another limit: ${sustained.refused} of ${sustained.sent} refused` : `none seen: all of ${sustained.sent} served`} at nine tenths of this rate`,
        ]),
  ];
}

function percent({ posterior }: Ranked): string {
  return `${(100 * posterior).toFixed(posterior > 0.999 || posterior < 0.001 ? 0 : 1)} %`;
}

function rateOf({ fit: { parameters, limit }, family }: Ranked): string {
  const { window, rate } = parameters;
  if (rate !== undefined)
    return `at once, ${rate.toFixed(1)} more each second (${(limit / rate).toFixed(1)} s for all)`;
  if (window === undefined) return '';
  return family === 'fixed-window-charged'
    ? `in a window of at least ${window.toFixed(1)} s`
    : `in ${window.toFixed(1)} s`;
}

function honestyIn(cycles: readonly Cycle[]): string {
  const { silent, refused, kept, broken, lateBy, recedes } = honestyOf(cycles);
  if (silent === refused) return 'says nothing that can be used';
  const kepts =
    broken > 0 ? `too early ${broken} of ${broken + kept} times` : `kept ${kept} of ${kept} times`;
  return [
    broken + kept === 0 ? 'not put to the test' : kepts,
    ...(lateBy > 0 ? [`up to ${lateBy.toFixed(1)} s too late`] : []),
    ...(silent > 0 ? [`missing from ${silent} of ${refused} refusals`] : []),
    ...(recedes ? ['moves away from whoever asks in vain'] : []),
  ].join(', ');
}

const COLUMN_S = 0.25;
const COLUMNS = 110;

/** A cycle as a line: what was served and refused over time. */
function drawing(cycle: Cycle, index: number): string[] {
  const from = firstOf(cycle);
  const columns = Math.min(
    COLUMNS,
    Math.ceil((Math.max(...cycle.map(({ sent }) => sent)) - from) / COLUMN_S) + 1,
  );
  const marks = Array.from({ length: columns }, (_, column) =>
    markOf(cycle.filter(({ sent }) => Math.floor((sent - from) / COLUMN_S) === column)),
  );
  return [`  ${index + 1}  ${marks.join('')}`, `     ${scale(columns)}`, ''];
}

function markOf(shots: readonly Shot[]): string {
  const [served, refused] = [shots.some(({ ok }) => ok), shots.some(({ ok }) => !ok)];
  if (served) return refused ? '▓' : '█';
  return refused ? '░' : '·';
}

function scale(columns: number): string {
  const every = 5 / COLUMN_S;
  const marks = Array.from({ length: Math.floor(columns / every) + 1 }, (_, step) =>
    `${step * 5} s`.padEnd(every),
  );
  return marks.join('').trimEnd();
}

function firstOf(shots: readonly Shot[]): number {
  return Math.min(...shots.map(({ sent }) => sent));
}

const endings: Record<Conclusion['ended'], string> = {
  certain: 'The limiter is identified.',
  kind: 'Only its kind is known: others use the same quota, a second limit lies behind it, or the network was unsteady.',
  queues: 'It lets requests wait instead of refusing them: each of a burst takes longer than the one before.',
  distributed: 'Several nodes that do not agree, or not at once: one served what another had refused.',
  unlimited: 'Nothing was refused well above the quota: there is no limit for these requests.',
  'too slow': 'Inconclusive: the requests could not be sent fast enough to go beyond the quota.',
  'never recovers': 'The target did not serve again, six windows after it had refused.',
  escalated: 'Inconclusive: the target began to block for longer, and was left alone.',
  'too much lost':
    'Inconclusive: too many answers said nothing of the limiter (errors, or no answer at all).',
  'all tried': 'Inconclusive: more than one kind of limiter explains what was seen.',
};
