import type { Exchange } from '../http/exchange.ts';
import { readJson } from '../http/read-body.ts';
import type { Violation } from './check-result.ts';
import type { RequestIntent } from './request-intent.ts';

/**
 * A stable id of a defect: eight hexadecimal digits that are the same in the next run and in every layer. It depends on
 * the operation, the code, the status class, the site, and, for findings about a request, on the error text.
 */
export function fingerprint(violation: Violation, intent: RequestIntent, exchange?: Exchange): string {
  const { code, site } = violation;
  const status = exchange?.answer.kind === 'response' ? exchange.answer.status : undefined;
  const text = dependsOnErrorText(code) && exchange !== undefined ? errorText(exchange) : '';
  // Other codes are about several exchanges, so the status of one of them says nothing.
  const isAboutOneExchange = /^(response|request|auth)\./.test(code) && status !== undefined;
  const statusClass = isAboutOneExchange ? `${Math.floor(status / 100)}xx` : '-';
  return fnv1a([intent.operation ?? '-', code, statusClass, site, text].join('|'));
}

/** One service may have several defects that accept or reject the same mutation; their error texts differ. */
function dependsOnErrorText(code: string): boolean {
  return code.startsWith('request.') || code.startsWith('auth.') || code === 'response.status.server-error';
}

function errorText({ request, answer }: Exchange): string {
  if (answer.kind !== 'response') return answer.reason;
  const json = readJson(answer.body);
  if (json.kind !== 'value' || typeof json.value !== 'object' || json.value === null) return '';
  const { detailCode, messages } = json.value as { detailCode?: unknown; messages?: unknown };
  const [first] = Array.isArray(messages) ? (messages as { text?: unknown }[]) : [];
  const text = [detailCode, first?.text].filter((part) => typeof part === 'string').join(' ');
  return text === '' ? '' : normalise(withoutRequestValues(text, request));
}

/** Services quote the request, whose values are random. Replaces the longest first: a value may contain another. */
function withoutRequestValues(text: string, { url, body }: Exchange['request']): string {
  const [, query = ''] = url.split('?');
  const sent = readJson(body);
  const values = [...query.split(/[&=]/), ...(sent.kind === 'value' ? textsIn(sent.value) : [])];
  const long = values.filter(({ length }) => length >= MIN_VALUE_LENGTH).sort((a, b) => b.length - a.length);
  return long.reduce((result, value) => result.replaceAll(value, 'V'), text);
}

/** Shorter values also occur inside ordinary words. */
const MIN_VALUE_LENGTH = 3;

const MAX_DEPTH = 20;

function textsIn(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth === MAX_DEPTH) return [];
  return Object.values(value).flatMap((one) => textsIn(one, depth + 1));
}

/** Replaces ids, times, numbers and quoted values by letters. */
function normalise(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi, 'U')
    .replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?/g, 'T')
    .replaceAll(/\b[0-9a-f]{16,}\b/gi, 'H')
    .replaceAll(/"[^"]*"|'[^']*'/g, 'Q')
    .replaceAll(/\d+/g, 'N');
}

/** FNV-1a, 32 bits. k6 has no synchronous hash that Node also has. */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
