import type { Report, ReportedExchange, ReportedFinding, ReportedMessage } from '../report.ts';
import { jsonText } from './text.ts';

/** HAR's number for an unknown size or time. */
const UNKNOWN = -1;

/** HAR requires these three to be positive or zero. */
const NOT_MEASURED = {
  blocked: UNKNOWN,
  dns: UNKNOWN,
  connect: UNKNOWN,
  ssl: UNKNOWN,
  send: 0,
  wait: 0,
  receive: 0,
  comment: 'not measured',
} as const;

const UNKNOWN_VERSION = 'unknown';

/** The exchanges of the findings as an HTTP Archive 1.2. Secrets are placeholders, as in the report. */
export function harReport(report: Report): string {
  const { tool, startedAt, findings } = report;
  return jsonText({
    log: {
      version: '1.2',
      creator: { name: tool.name, version: tool.version },
      entries: findings.flatMap((finding) => entriesOf(finding, startedAt)),
    },
  });
}

/** The entry of a finding, if it has an exchange over HTTP. */
function entriesOf({ id, code, exchange }: ReportedFinding, startedDateTime: string) {
  const target = exchange === null ? undefined : targetOf(exchange.request.line);
  if (exchange === null || target === undefined) return [];
  return [
    {
      startedDateTime,
      time: 0,
      request: requestOf(exchange, target),
      response: responseOf(exchange),
      cache: {},
      timings: NOT_MEASURED,
      comment: `${id} ${code}`,
    },
  ];
}

interface HarTarget {
  readonly method: string;
  readonly url: string;
}

/** The method and the URL of a request line; undefined if it is not an HTTP request. */
function targetOf(line: string): HarTarget | undefined {
  const [, method, address] = /^(\S+) (https?:\/\/.*)$/is.exec(line) ?? [];
  if (method === undefined || address === undefined || !URL.canParse(address)) return undefined;
  return { method, url: validUrl(address) };
}

/**
 * A URL with the path as it was sent: the parser of Node would remove dot segments. HAR readers reject characters that
 * RFC 3986 does not allow, and HAR excludes the fragment.
 */
function validUrl(address: string): string {
  const [, rest = ''] = /^https?:\/+[^/?#\\]*([^#]*)/is.exec(address) ?? [];
  const escaped = rest
    .toWellFormed()
    .replaceAll(/[^\w\-.~:/?@!$&'()*+,;=%]/gu, encodeURIComponent)
    .replaceAll(/%(?![0-9a-f]{2})/gi, '%25');
  return new URL(address).origin + escaped;
}

function requestOf({ request }: ReportedExchange, { method, url }: HarTarget) {
  return {
    method,
    url,
    httpVersion: UNKNOWN_VERSION,
    cookies: [],
    headers: headersOf(request),
    queryString: [...new URL(url).searchParams].map(([name, value]) => ({ name, value })),
    ...(request.body === null ? {} : { postData: { mimeType: mimeTypeOf(request), text: request.body } }),
    headersSize: UNKNOWN,
    bodySize: UNKNOWN,
  };
}

/** Without a response, the status is 0, as in the archives of browsers, and the comment has the reason. */
function responseOf({ response }: ReportedExchange) {
  const isStatus = /^\d{3}$/.test(response.line);
  return {
    status: isStatus ? Number(response.line) : 0,
    statusText: '',
    httpVersion: UNKNOWN_VERSION,
    cookies: [],
    headers: headersOf(response),
    content: {
      size: UNKNOWN,
      mimeType: mimeTypeOf(response),
      ...(response.body === null ? {} : { text: response.body }),
    },
    redirectURL: valueOf(response, 'location'),
    headersSize: UNKNOWN,
    bodySize: UNKNOWN,
    ...(isStatus ? {} : { comment: response.line }),
  };
}

function headersOf({ headers }: ReportedMessage) {
  return headers.map(([name, value]) => ({ name, value }));
}

function mimeTypeOf(message: ReportedMessage): string {
  return valueOf(message, 'content-type');
}

function valueOf({ headers }: ReportedMessage, wanted: string): string {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? '';
}
