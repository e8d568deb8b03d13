import type { Body, Exchange, HttpResponse } from '../../http/exchange.ts';
import { instantChange, parseInstant } from '../../api/instant.ts';
import { ExactNumber, parseWithExactNumbers } from '../../http/exact-number.ts';
import { isSafeMethod } from '../../http/methods.ts';
import { readText } from '../../http/read-body.ts';
import { isSuccess } from '../../http/status.ts';
import { violation, type Violation } from '../check-result.ts';
import { changesIn, type Change } from './changes.ts';
import type { JsonObject } from './json-bodies.ts';
import type { Relation } from './relation.ts';
import { requestedType, WRITE_ID_MEMBER } from './write-id.ts';

/**
 * The last read returns the latest acknowledged write. `status` and `type` compare exactly, `timestamp` as an instant to
 * the precision that was sent, and `body` member by member: numbers as decimals, strings by code point, arrays in order. The service
 * may add members (documented as a non-breaking change), but not drop or change them. The response of a POST is an
 * aggregate and is not compared.
 */
export const readYourWrites: Relation = {
  judge(exchanges) {
    const read = exchanges.at(-1);
    if (read === undefined || !isOk(read.answer)) return []; // the rules judge each exchange
    const received = membersOf(read.answer.body);
    const writes = exchanges.filter(({ request }) => !isSafeMethod(request.method));
    if (received === undefined || !writes.every(({ answer }) => isAcknowledged(answer))) return [];
    const all = writes.map(({ request }) => membersOf(request.body));
    const earlier = all.filter((one) => one !== undefined).filter(isOfTypeOf(read));
    const sent = earlier.pop();
    if (sent === undefined) return [];
    const changes = [...changesBetween(sent, received), ...leftOver(earlier, sent, received)];
    if (isAnotherWrite(sent, changes)) return [violation('state.history.lost', { details: {} })];
    const sites = [...new Set(changes.map(siteClass))];
    return sites.flatMap((site) =>
      changes
        .filter((one) => siteClass(one) === site)
        .slice(0, 1)
        .map((change) => corrupted(change, sent, received)),
    );
  },
};

/** Any 2xx acknowledges a write; the rule for documented statuses reports an undocumented one. */
function isAcknowledged(answer: Exchange['answer']): boolean {
  return answer.kind === 'response' && isSuccess(answer.status);
}

function isOk(answer: Exchange['answer']): answer is HttpResponse {
  return answer.kind === 'response' && answer.status === 200;
}

/** The members of a JSON object, with numbers as written. */
function membersOf(body: Body): JsonObject | undefined {
  const reading = readText(body);
  if (reading.kind !== 'text') return undefined;
  try {
    const value = parseWithExactNumbers(reading.text);
    return typeof value === 'object' && value !== null ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

function isOfTypeOf({ request }: Exchange): (sent: JsonObject) => boolean {
  const type = requestedType(request.url);
  return (sent) => type === undefined || sent['type'] === type;
}

/** Members of earlier reports that the last report does not have. A report replaces the previous one. */
function leftOver(earlier: readonly JsonObject[], sent: JsonObject, received: JsonObject): Change[] {
  const [now, after] = [bodyOf(sent), bodyOf(received)];
  const keys = earlier.flatMap((one) => Object.keys(bodyOf(one)));
  const kept = keys.filter((key) => !Object.hasOwn(now, key) && Object.hasOwn(after, key));
  return kept.map((key) => ({ site: `/body/${key}`, kind: 'merged' }));
}

function bodyOf({ body }: JsonObject): JsonObject {
  return Object(body) as JsonObject;
}

function corrupted(change: Change, sent: JsonObject, received: JsonObject): Violation {
  const { site, kind } = change;
  const values = { wrote: shortText(valueAt(sent, site)), read: shortText(valueAt(received, site)) };
  return violation('state.echo.corrupted', {
    site: siteClass(change),
    details: { site, change: kind, ...values },
  });
}

/** The value at a JSON pointer; undefined if there is none, or if a name contains a slash. */
function valueAt(root: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, name) => Object(value)[name] as unknown, root);
}

const MAX_VALUE_LENGTH = 80;

/** A value as JSON, with a number as it was written. */
function shortText(value: unknown): string {
  if (value instanceof ExactNumber) return value.source;
  const asNumber = (_: string, one: unknown): unknown =>
    one instanceof ExactNumber ? Number(one.source) : one;
  const text = value === undefined ? 'nothing' : JSON.stringify(value, asNumber);
  return text.length <= MAX_VALUE_LENGTH
    ? text
    : `${text.slice(0, MAX_VALUE_LENGTH)}… (${text.length} characters)`;
}

/** If both the write id and the timestamp differ, the read shows another write and not a corrupted one. */
function isAnotherWrite(sent: JsonObject, changes: readonly Change[]): boolean {
  const gone = changes.map(({ site }) => site);
  return (
    WRITE_ID_MEMBER in Object(sent['body']) &&
    gone.includes('/timestamp') &&
    gone.includes(`/body/${WRITE_ID_MEMBER}`)
  );
}

function changesBetween(sent: JsonObject, received: JsonObject): Change[] {
  const changes = (['status', 'type'] as const).filter((key) => sent[key] !== received[key]);
  return [
    ...changes.map((key): Change => ({ site: `/${key}`, kind: 'text' })),
    ...timestampChanges(sent['timestamp'], received['timestamp']),
    ...changesIn(sent['body'], received['body'], '/body'),
  ];
}

/** Timestamps compare as instants, because a service may write them with another offset. */
function timestampChanges(sent: unknown, received: unknown): Change[] {
  const [first, second] = [sent, received].map((one) =>
    typeof one === 'string' ? parseInstant(one) : undefined,
  );
  if (first === undefined || second === undefined) return sent === received ? [] : [INSTANT];
  const kind = instantChange(first, second);
  if (kind === undefined) return [];
  return [kind === 'other' ? INSTANT : { site: '/timestamp', kind }];
}

const INSTANT: Change = { site: '/timestamp', kind: 'text' };

/** The site for the fingerprint. Names below `body` are random, so the fingerprint must not depend on them. */
function siteClass({ site, kind }: Change): string {
  if (site.startsWith('/body')) return `/body (${kind})`;
  return site === '/timestamp' && kind !== 'text' ? `/timestamp (${kind})` : site;
}
