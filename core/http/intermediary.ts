import type { HttpResponse } from './exchange.ts';
import { headerValue } from './headers.ts';
import { parseMediaType } from './media-type.ts';
import { readText } from './read-body.ts';

/** A response that another host in front of the service wrote. */
export interface IntermediaryResponse {
  readonly kind: 'redirect' | 'page';
  /** The address of a redirect, without the query, or the title of a page. */
  readonly name: string;
}

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
/** Pages with other statuses are errors of the service itself, such as a 400 of a servlet container. */
const PAGE_STATUSES: readonly number[] = [200, 203, 401, 403, 406, 451, 511];

/**
 * Recognizes redirects, login pages and pages of filters. All layers use this rule. The API has no redirects and documents
 * only JSON, so such a response says nothing about the service.
 */
export function intermediaryIn(response: HttpResponse): IntermediaryResponse | undefined {
  const { status, headers } = response;
  const location = headerValue(headers, 'location');
  if (REDIRECTS.includes(status)) return { kind: 'redirect', name: withoutQuery(location ?? 'no Location') };
  return PAGE_STATUSES.includes(status) && isHtml(response)
    ? { kind: 'page', name: pageTitle(response) }
    : undefined;
}

/** Whether a response is an HTML page, according to its media type or its first characters. */
export function isHtml({ headers, body }: HttpResponse): boolean {
  const essence = parseMediaType(headerValue(headers, 'content-type') ?? '')?.essence;
  if (essence === 'text/html' || essence === 'application/xhtml+xml') return true;
  if (essence === 'application/json') return false;
  const reading = readText(body);
  return reading.kind === 'text' && /^\s*<(!doctype html|html)\b/i.test(reading.text.slice(0, 200));
}

const MAX_LENGTH = 80;

/** The title of a page, or its first words. */
export function pageTitle({ body }: HttpResponse): string {
  const reading = readText(body);
  const text = reading.kind === 'text' ? reading.text.slice(0, 20_000) : '';
  const start = text.search(/<title[\s>]/i);
  const title =
    start < 0 ? '' : (text.slice(start).split(/<\/title/i)[0] ?? '').replace(/^<title[^>]*>/i, '');
  const words = (title === '' ? text.replaceAll(/<[^>]{0,500}>/g, ' ') : title)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return words === '' ? 'without a title' : words.slice(0, MAX_LENGTH);
}

function withoutQuery(location: string): string {
  return (location.split(/[?#]/)[0] ?? '').slice(0, MAX_LENGTH);
}
