import type { Exchange } from '../http/exchange.ts';
import { readJson } from '../http/read-body.ts';
import type { Asked } from './request-intent.ts';
import type { Violation } from './check-result.ts';

/**
 * A stable id of a defect: the same one in the next run. Where the place in the answer says it all, it is the same in
 * every layer; a class verdict also depends on what was bent, which contracts and load do not do.
 * Eight hex digits of what broke, where, and for class verdicts in which words the service said so.
 */
export function fingerprint(violation: Violation, asked: Asked, exchange?: Exchange): string {
  const { code, site } = violation;
  const status = exchange?.answer.kind === 'response' ? exchange.answer.status : undefined;
  const words = isAboutRequest(code) && exchange !== undefined ? errorWords(exchange) : '';
  // A measurement is about many answers: the status of the one that is shown says nothing.
  const isOfAnswer = /^(response|request|auth)\./.test(code) && status !== undefined;
  const statusClass = isOfAnswer ? `${Math.floor(status / 100)}xx` : '-';
  return fnv1a([asked.operation ?? '-', code, statusClass, site, words].join('|'));
}

/** For most rules the place in the answer says it all; a class verdict needs the service's own words as well. */
function isAboutRequest(code: string): boolean {
  return code.startsWith('request.') || code.startsWith('auth.') || code === 'response.status.server-error';
}

/** How an answer looks, without what differs from one to the next: status, and the words of an error. */
export function signatureOf(exchange: Exchange): string {
  const { answer } = exchange;
  if (answer.kind !== 'response') return answer.reason;
  return [String(answer.status), errorWords(exchange)].filter((part) => part !== '').join(' ');
}

function errorWords({ request, answer }: Exchange): string {
  if (answer.kind !== 'response') return answer.reason;
  const json = readJson(answer.body);
  if (json.kind !== 'value' || typeof json.value !== 'object' || json.value === null) return '';
  const { detailCode, messages } = json.value as { detailCode?: unknown; messages?: unknown };
  const [first] = Array.isArray(messages) ? (messages as { text?: unknown }[]) : [];
  const words = [detailCode, first?.text].filter((part) => typeof part === 'string').join(' ');
  return words === '' ? '' : normalise(withoutValues(words, request));
}

/** Services repeat what they were sent, which is drawn at random. The longest first: one value may be part of another. */
function withoutValues(words: string, { url, body }: Exchange['request']): string {
  const [, query = ''] = url.split('?');
  const sent = readJson(body);
  const values = [...query.split(/[&=]/), ...(sent.kind === 'value' ? textsIn(sent.value) : [])];
  const long = values.filter(({ length }) => length >= SHORTEST_VALUE).sort((a, b) => b.length - a.length);
  return long.reduce((text, value) => text.replaceAll(value, 'V'), words);
}

/** Shorter ones are part of words. */
const SHORTEST_VALUE = 3;

const DEEPEST = 20;

function textsIn(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth === DEEPEST) return [];
  return Object.values(value).flatMap((one) => textsIn(one, depth + 1));
}

/** Takes out of a text what differs from one answer to the next: ids, times, numbers, quoted values. */
function normalise(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi, 'U')
    .replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?/g, 'T')
    .replaceAll(/\b[0-9a-f]{16,}\b/gi, 'H')
    .replaceAll(/"[^"]*"|'[^']*'/g, 'Q')
    .replaceAll(/\d+/g, 'N');
}

/** FNV-1a, 32 bit: k6 has no hash that is both there and synchronous. */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
