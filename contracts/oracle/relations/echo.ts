import type { Exchange } from '../../http/exchange.ts';
import { violation } from '../remark.ts';
import { receivedObject, sentObject } from './objects.ts';
import type { Relation } from './relation.ts';

/**
 * Read-your-writes, over a write, whatever comes between, and a read: what was written and acknowledged is what the next read gives.
 * `status` and `type` compare exactly, `timestamp` as an instant to the millisecond, `body` member by member:
 * members the service adds are its own business (documented as non-breaking), members it drops or changes are not.
 * The answer of the POST is an aggregate and says nothing here.
 */
export const echo: Relation = {
  judge(exchanges) {
    const write = exchanges.find(({ request }) => request.method === 'POST');
    const read = exchanges.at(-1);
    if (write === undefined || read === undefined || !acknowledged(write)) return [];
    const sent = sentObject(write);
    const got = receivedObject(read);
    if (sent === undefined || got === undefined) return []; // each exchange is judged for itself
    const corrupted = differences(sent, got);
    if (isAnotherRecord(sent, corrupted)) return [violation('state.history.lost', { details: {} })];
    return corrupted.map((site) =>
      violation('state.echo.corrupted', { site: siteClass(site), details: { site } }),
    );
  },
};

function acknowledged({ answer }: Exchange): boolean {
  return answer.kind === 'response' && answer.status === 200;
}

/** Both marks of the write are gone: this is not a corrupted echo, it is some other write. */
function isAnotherRecord(sent: Record<string, unknown>, corrupted: readonly string[]): boolean {
  return (
    MARKER in asRecord(sent['body']) &&
    corrupted.includes('/timestamp') &&
    corrupted.includes(`/body/${MARKER}`)
  );
}

/** The member of `body` that tells one write from another. */
export const MARKER = 'mchWrite';

function differences(sent: Record<string, unknown>, got: Record<string, unknown>): string[] {
  const sites = (['status', 'type'] as const).filter((key) => sent[key] !== got[key]).map((key) => `/${key}`);
  if (!isSameInstant(sent['timestamp'], got['timestamp'])) sites.push('/timestamp');
  return [...sites, ...changed(sent['body'], got['body'], '/body')];
}

function isSameInstant(a: unknown, b: unknown): boolean {
  if (typeof a !== 'string' || typeof b !== 'string') return a === b;
  const [first, second] = [Date.parse(toMilliseconds(a)), Date.parse(toMilliseconds(b))];
  return Number.isNaN(first) || Number.isNaN(second) ? a === b : first === second;
}

/** Engines differ on fractions beyond three digits; cut them, and spell T and Z as they all know them. */
function toMilliseconds(timestamp: string): string {
  return timestamp.toUpperCase().replace(/(\.\d{3})\d+/, '$1');
}

/** Pointers of what `got` lacks or has otherwise than `sent`. */
function changed(sent: unknown, got: unknown, site: string): string[] {
  if (Array.isArray(sent)) return changedArray(sent, got, site);
  if (typeof sent === 'object' && sent !== null) return changedObject(asRecord(sent), got, site);
  return Object.is(sent, got) || (sent === 0 && got === 0) ? [] : [site];
}

function changedArray(sent: readonly unknown[], got: unknown, site: string): string[] {
  if (!Array.isArray(got) || got.length !== sent.length) return [site];
  return sent.flatMap((item, index) => changed(item, got[index], `${site}/${index}`));
}

function changedObject(sent: Record<string, unknown>, got: unknown, site: string): string[] {
  if (typeof got !== 'object' || got === null || Array.isArray(got)) return [site];
  const other = asRecord(got);
  return Object.keys(sent).flatMap((key) => {
    const place = `${site}/${key}`;
    return Object.hasOwn(other, key) ? changed(sent[key], other[key], place) : [place];
  });
}

function asRecord(value: unknown): Record<string, unknown> {
  return (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
}

/** Below `body` names are random: a fingerprint must not depend on them. */
function siteClass(site: string): string {
  return site.startsWith('/body') ? '/body' : site;
}
