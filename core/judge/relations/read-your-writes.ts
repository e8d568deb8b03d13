import type { Body, Exchange, HttpResponse } from '../../http/exchange.ts';
import { parseNumbersAsText } from '../../http/exact-number.ts';
import { readText } from '../../http/read-body.ts';
import { violation, type Violation } from '../check-result.ts';
import { changesIn, type Change } from './changes.ts';
import { MARKER, typeAsked } from './write-id.ts';
import type { Relation } from './relation.ts';

/**
 * Read-your-writes, over a write, whatever comes between, and a read: what was written and acknowledged is what the next read gives.
 * `status` and `type` compare exactly, `timestamp` as an instant to the millisecond, `body` member by member:
 * numbers as decimals, texts by code point, arrays in their order. Members the service adds are its own business
 * (documented as non-breaking), members it drops or changes are not.
 * The answer of the POST is an aggregate and says nothing here.
 */
export const echo: Relation = {
  judge(exchanges) {
    const read = exchanges.at(-1);
    if (read === undefined || !isOk(read.answer)) return []; // each exchange is judged for itself
    const got = membersOf(read.answer.body);
    const writes = exchanges.filter(({ request }) => request.method === 'POST');
    if (got === undefined || !writes.every(({ answer }) => isAcknowledged(answer))) return [];
    const all = writes.map(({ request }) => membersOf(request.body));
    const earlier = all.filter((one) => one !== undefined).filter(isOfTypeOf(read));
    const sent = earlier.pop();
    if (sent === undefined) return [];
    const changes = [...changesBetween(sent, got), ...leftOver(earlier, sent, got)];
    if (isAnotherRecord(sent, changes)) return [violation('state.history.lost', { details: {} })];
    const sites = [...new Set(changes.map(siteClass))];
    return sites.flatMap((site) =>
      changes
        .filter((one) => siteClass(one) === site)
        .slice(0, 1)
        .map(corrupted),
    );
  },
};

/** Another status of success is a finding of its own, and an acknowledgement. */
function isAcknowledged(answer: Exchange['answer']): boolean {
  return answer.kind === 'response' && answer.status >= 200 && answer.status < 300;
}

function isOk(answer: Exchange['answer']): answer is HttpResponse {
  return answer.kind === 'response' && answer.status === 200;
}

/** The members of a JSON object, with its numbers as they are written. */
function membersOf(body: Body): Members | undefined {
  const reading = readText(body);
  if (reading.kind !== 'text') return undefined;
  try {
    const value = parseNumbersAsText(reading.text);
    return typeof value === 'object' && value !== null ? (value as Members) : undefined;
  } catch {
    return undefined;
  }
}

type Members = Readonly<Record<string, unknown>>;

/** Only writes of the type that is read are about what is read. */
function isOfTypeOf({ request }: Exchange): (sent: Members) => boolean {
  const type = typeAsked(request.url);
  return (sent) => type === undefined || sent['type'] === type;
}

/** Members of a report that a later one does not have: a report takes the place of the one before. */
function leftOver(earlier: readonly Members[], sent: Members, got: Members): Change[] {
  const [now, after] = [bodyOf(sent), bodyOf(got)];
  const keys = earlier.flatMap((one) => Object.keys(bodyOf(one)));
  const kept = keys.filter((key) => !Object.hasOwn(now, key) && Object.hasOwn(after, key));
  return kept.map((key) => ({ site: `/body/${key}`, kind: 'merged' }));
}

function bodyOf({ body }: Members): Members {
  return Object(body) as Members;
}

/** One kind of change in one place is one defect. What only a double loses is allowed (RFC 8259 §6), and told. */
function corrupted(change: Change): Violation {
  const severity = change.kind === 'precision' ? ({ severity: 'minor' } as const) : {};
  return violation('state.echo.corrupted', {
    site: siteClass(change),
    ...severity,
    details: { site: change.site, change: change.kind },
  });
}

/** Both marks of the write are gone: this is not a corrupted echo, it is some other write. */
function isAnotherRecord(sent: Members, changes: readonly Change[]): boolean {
  const gone = changes.map(({ site }) => site);
  return MARKER in Object(sent['body']) && gone.includes('/timestamp') && gone.includes(`/body/${MARKER}`);
}

function changesBetween(sent: Members, got: Members): Change[] {
  const changes = (['status', 'type'] as const).filter((key) => sent[key] !== got[key]);
  return [
    ...changes.map((key): Change => ({ site: `/${key}`, kind: 'text' })),
    ...(isSameInstant(sent['timestamp'], got['timestamp']) ? [] : [INSTANT]),
    ...changesIn(sent['body'], got['body'], '/body'),
  ];
}

const INSTANT: Change = { site: '/timestamp', kind: 'text' };

function isSameInstant(a: unknown, b: unknown): boolean {
  if (typeof a !== 'string' || typeof b !== 'string') return a === b;
  const [first, second] = [Date.parse(toMilliseconds(a)), Date.parse(toMilliseconds(b))];
  return Number.isNaN(first) || Number.isNaN(second) ? a === b : first === second;
}

/** Engines differ on fractions beyond three digits; cut them, and spell T and Z as they all know them. */
function toMilliseconds(timestamp: string): string {
  return timestamp.toUpperCase().replace(/(\.\d{3})\d+/, '$1');
}

/** Below `body` names are random: a fingerprint must not depend on them. */
function siteClass({ site, kind }: Change): string {
  return site.startsWith('/body') ? `/body (${kind})` : site;
}
