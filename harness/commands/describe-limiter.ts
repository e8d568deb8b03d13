import { formatQuota, type Quota } from '../../core/index.ts';
import {
  evaluateRetryAfter,
  traitsOf,
  type Conclusion,
  type Cycle,
  type LimiterExchange,
  type LimiterFamily,
  type LimiterTrace,
  type RankedFamily,
} from '../../load/index.ts';

const familyTexts: Record<LimiterFamily, string> = {
  'fixed-window': 'fixed window that starts with the first request',
  'fixed-window-rejections-counted': 'fixed window that every throttled request restarts',
  'aligned-window': 'windows aligned with the clock',
  'sliding-log': 'sliding log',
  'sliding-log-rejections-counted': 'sliding log, rejections counted',
  'sliding-counter': 'sliding counter (weights the previous window)',
  'sliding-counter-rejections-counted': 'sliding counter (weights the previous window), rejections counted',
  'token-bucket': 'token bucket that refills continuously',
  'interval-refill': 'token bucket that refills once per second',
  distributed: 'distributed: several nodes with a share of the limit each',
};

const endingTexts: Record<Conclusion['ending'], string> = {
  certain: 'The limiter is identified.',
  kind: 'Only the kind of the limiter is identified: other clients use the same quota, there is a second limit, or the network was unsteady.',
  queues: 'The limiter delays requests instead of throttling them.',
  distributed: 'The limiter is distributed: one node allowed a request that another had throttled.',
  unlimited: 'No request was throttled well above the quota: there is no limit for these requests.',
  'too-slow': 'Inconclusive: the requests could not be sent fast enough to exceed the quota.',
  'never-recovers': 'Inconclusive: the limiter did not recover within six windows.',
  escalated: 'Inconclusive: the limiter announced longer and longer waits, so the experiments ended.',
  'too-much-lost': 'Inconclusive: too many responses show no decision of the limiter.',
  ambiguous: 'Inconclusive: more than one family explains the trace.',
};

/** Describes an identified limiter for the console. */
export function describeLimiter(trace: LimiterTrace, conclusion: Conclusion, quota: Quota): string {
  const { cycles } = trace;
  const hasThrottled = cycles.some((cycle) => cycle.some(isThrottled));
  return [
    ...limitLines(conclusion, quota),
    ...keyLines(conclusion),
    ...secondLimitLines(trace, conclusion),
    ...(hasThrottled ? [`  Retry-After  ${accuracyText(cycles)}`] : []),
    `  Evidence     ${evidenceText(trace)}`,
    '',
    ...cycles.flatMap(timeline),
    '     █ allowed  ░ throttled  ▓ both',
    '',
    endingTexts[conclusion.ending],
    '',
  ].join('\n');
}

function limitLines({ identification, ending, queue }: Conclusion, quota: Quota): string[] {
  const documented = `(documented: ${formatQuota(quota)})`;
  if (queue !== undefined) {
    const { requestsPerSecond, maxWaitMs } = queue;
    const wait = (maxWaitMs / 1000).toFixed(1);
    return [
      `  Limit        ${requestsPerSecond.toFixed(1)} requests per second, others wait up to ${wait} s ${documented}`,
    ];
  }
  const [first] = identification?.ranking ?? [];
  if (identification === undefined || first === undefined) return [];
  const { ranking } = identification;
  const distributed = ranking.find(({ family }) => family === 'distributed');
  const shown = ending === 'distributed' && distributed !== undefined ? distributed : first;
  const { limit, hidden } = shown.fit;
  const about = ending === 'certain' ? '' : 'about ';
  return [
    ...(ending === 'distributed' ? [] : [`  Family       ${familyText(ranking, ending)}`]),
    `  Limit        ${about}${limit} requests ${rateText(shown)} ${documented}`,
    ...(hidden > 0 ? [`  Other use    ${hidden} requests per second of other clients`] : []),
  ];
}

function familyText([first, second]: readonly RankedFamily[], ending: Conclusion['ending']): string {
  if (first === undefined) return '';
  const similar = ending === 'kind' ? 'similar to a ' : '';
  const next = second === undefined ? '' : `; next: ${familyTexts[second.family]}, ${percentage(second)}`;
  return `${similar}${familyTexts[first.family]} (${percentage(first)}${next})`;
}

function keyLines({ keys }: Conclusion): string[] {
  const listed = (isIncluded: (result: string) => boolean): string =>
    keys.flatMap(([key, result]) => (isIncluded(result) ? [key] : [])).join(', ');
  const lines = [
    ['  Counted per  ', listed((result) => result === 'separate')],
    ['  Shared by    ', listed((result) => result === 'shared')],
    ['  Unknown      ', listed((result) => result !== 'separate' && result !== 'shared')],
  ] as const;
  return lines.flatMap(([label, names]) => (names === '' ? [] : [`${label}${names}`]));
}

function secondLimitLines({ sustained }: LimiterTrace, { hasSecondLimit }: Conclusion): string[] {
  if (sustained === undefined) return [];
  const { sent, throttled } = sustained;
  if (hasSecondLimit === undefined && throttled > 0) return [];
  const result =
    hasSecondLimit === true ? `yes, ${throttled} of ${sent} throttled` : `no, all of ${sent} allowed`;
  return [`  Second limit ${result} at nine tenths of this rate`];
}

function percentage({ posterior }: RankedFamily): string {
  return `${(100 * posterior).toFixed(posterior > 0.999 || posterior < 0.001 ? 0 : 1)} %`;
}

function rateText({ fit: { parameters, limit }, family }: RankedFamily): string {
  const { window, rate } = parameters;
  if (rate !== undefined) {
    return `at once, refilled by ${rate.toFixed(1)} per second (${(limit / rate).toFixed(1)} s for all)`;
  }
  if (window === undefined) return '';
  const atLeast = traitsOf(family).showsMinWindowOnly ? 'at least ' : '';
  return `in ${atLeast}${window.toFixed(1)} s`;
}

function accuracyText(cycles: readonly Cycle[]): string {
  const { throttled, missing, metDeadlines, missedDeadlines, lateByMs, isReceding } =
    evaluateRetryAfter(cycles);
  if (missing === throttled) return 'missing or unusable';
  const tested = metDeadlines + missedDeadlines;
  const accuracy =
    tested === 0
      ? 'not tested'
      : missedDeadlines > 0
        ? `too early ${missedDeadlines} of ${tested} times`
        : `accurate ${metDeadlines} of ${tested} times`;
  return [
    accuracy,
    ...(lateByMs > 0 ? [`up to ${(lateByMs / 1000).toFixed(1)} s too late`] : []),
    ...(missing > 0 ? [`missing in ${missing} of ${throttled} responses`] : []),
    ...(isReceding ? ['moved by throttled requests'] : []),
  ].join(', ');
}

function evidenceText({ cycles, lost }: LimiterTrace): string {
  const exchanges = cycles.flat();
  const end = Math.max(...exchanges.map(({ receivedAt }) => receivedAt));
  const seconds = exchanges.length === 0 ? 0 : (end - startOf(exchanges)) / 1000;
  const throttled = exchanges.filter(isThrottled).length;
  const count = `${exchanges.length} requests in ${cycles.length} ${cycles.length === 1 ? 'cycle' : 'cycles'}`;
  const without = lost === 0 ? '' : `, ${lost} responses without a decision`;
  return `${count}, ${seconds.toFixed(0)} s; ${throttled} throttled${without}`;
}

const COLUMN_MS = 250;
const MAX_COLUMNS = 110;
/** The time between two marks of the scale. */
const SCALE_S = 5;

/** The decisions of a cycle over time, with a scale. */
function timeline(cycle: Cycle, index: number): string[] {
  const start = startOf(cycle);
  const columnOf = ({ sentAt }: LimiterExchange): number => Math.floor((sentAt - start) / COLUMN_MS);
  const columns = Math.min(MAX_COLUMNS, Math.max(0, ...cycle.map(columnOf)) + 1);
  const byColumn = Map.groupBy(cycle, columnOf);
  const marks = Array.from({ length: columns }, (_, column) => markOf(byColumn.get(column) ?? []));
  return [`  ${index + 1}  ${marks.join('')}`, `     ${scale(columns)}`, ''];
}

function markOf(exchanges: readonly LimiterExchange[]): string {
  const hasThrottled = exchanges.some(isThrottled);
  const hasAllowed = exchanges.some((one) => !isThrottled(one));
  if (hasAllowed) return hasThrottled ? '▓' : '█';
  return hasThrottled ? '░' : '·';
}

function scale(columns: number): string {
  const width = (SCALE_S * 1000) / COLUMN_MS;
  const marks = Array.from({ length: Math.floor(columns / width) + 1 }, (_, index) =>
    `${index * SCALE_S} s`.padEnd(width),
  );
  return marks.join('').trimEnd();
}

/** Cycles contain only allowed and throttled requests. */
function isThrottled({ status }: LimiterExchange): boolean {
  return status === 429;
}

function startOf(exchanges: readonly LimiterExchange[]): number {
  return Math.min(...exchanges.map(({ sentAt }) => sentAt));
}
