import {
  headerValue,
  intermediaryIn,
  isHtml,
  pageTitle,
  readJson,
  type Exchange,
  type HttpResponse,
} from '../index.ts';

/** A granted token, or the reason why there is none, in terms of the token endpoint. */
export type TokenAnswer =
  { readonly token: string; readonly lifetimeMs: number | undefined } | { readonly problem: string };

/** Reads the response of a token endpoint (RFC 6749 §5). */
export function readTokenAnswer(answer: Exchange['answer']): TokenAnswer {
  if (answer.kind === 'failure') return { problem: answer.detail };
  const { status } = answer;
  const intermediary = intermediaryIn(answer);
  if (intermediary?.kind === 'redirect') {
    return {
      problem: `it redirects to ${intermediary.name} (${status}): set SAIL_TOKEN_URL to the address of the endpoint`,
    };
  }
  if (isHtml(answer)) {
    return {
      problem: `it returned an HTML page ("${pageTitle(answer)}", status ${status}): set SAIL_TOKEN_URL`,
    };
  }
  const { access_token: token, expires_in: lifetime, ...rest } = objectIn(answer);
  const isSuccess = status >= 200 && status < 300;
  if (isSuccess && typeof token === 'string' && token !== '')
    return { token, lifetimeMs: lifetimeIn(lifetime) };
  const error = oauthError(rest);
  if (error !== undefined) return { problem: `it answered ${status}, ${error}` };
  if (status === 429) {
    const wait = headerValue(answer.headers, 'retry-after');
    return {
      problem: `it answered 429${wait === undefined ? '' : `, Retry-After ${wait}`}: wait, and run fewer tests at a time`,
    };
  }
  if (status === 401 || status === 403) return { problem: `it answered ${status}: check the credentials` };
  return { problem: isSuccess ? `it answered ${status} without an access_token` : `it answered ${status}` };
}

/** The error code of OAuth with its description. */
function oauthError({ error, error_description: description }: Record<string, unknown>): string | undefined {
  if (typeof error !== 'string') return undefined;
  const isAboutCredentials = /^(invalid_client|unauthorized_client|invalid_grant|access_denied)$/.test(error);
  const text =
    typeof description === 'string' ? `${error}: ${description.slice(0, 200).replace(/\.$/, '')}` : error;
  return isAboutCredentials ? `${text}; check the credentials` : text;
}

function objectIn({ body }: HttpResponse): Record<string, unknown> {
  const json = readJson(body);
  return json.kind === 'value' ? (Object(json.value) as Record<string, unknown>) : {};
}

/** A number of seconds, which some servers write as text. */
function lifetimeIn(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}

/** The end of a JWT's life, in milliseconds since the epoch; infinity for an opaque token. */
export function expiryOf(token: string): number {
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
    const { exp } = Object(JSON.parse(payload)) as { exp?: unknown };
    return typeof exp === 'number' ? exp * 1000 : Infinity;
  } catch {
    return Infinity;
  }
}
