import { PLACEHOLDER, readText, type Exchange } from '../../core/index.ts';

const TOKENS = new RegExp(PLACEHOLDER, 'g');

/** The environment variables with the tokens of the principals. */
const tokenVariables: Record<string, string> = {
  user: 'SAIL_ACCESS_TOKEN',
  reader: 'MCH_READER_ACCESS_TOKEN',
  application: 'MCH_APPLICATION_ACCESS_TOKEN',
  other: 'MCH_OTHER_ACCESS_TOKEN',
  load: 'MCH_LOAD_ACCESS_TOKEN',
};

/** The principal whose token a request has; undefined for a request without a token. */
export function principalOf({ request }: Exchange): string | undefined {
  const [, name] = new RegExp(PLACEHOLDER).exec(request.headers.map(([, value]) => value).join('\n')) ?? [];
  return name === undefined ? undefined : principalIn(name);
}

/** A caller of a provider state is named `<principal> of the state`. */
function principalIn(caller: string): string {
  return caller.replace(/ of the state$/, '');
}

/**
 * A curl command that sends the request of an exchange. Tokens are shell variables.
 * @param changeUrl returns the address at which the service can be reached later
 */
export function curlOf({ request }: Exchange, changeUrl = (url: string): string => url): string {
  const { method, url, headers, body } = request;
  const fields = headers.map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`);
  // With -X HEAD, curl would wait for a body.
  const [flag, verb] = method === 'HEAD' ? ['-I', []] : ['-i', [`-X ${shellWord(method)}`]];
  return [
    `curl ${flag} --path-as-is --globoff`,
    ...verb,
    ...fields,
    ...data(body),
    quote(changeUrl(url)),
  ].join(' ');
}

function shellWord(text: string): string {
  return /^[\w-]+$/.test(text) ? text : shellQuote(text);
}

function data(body: Exchange['request']['body']): string[] {
  if (body.kind === 'none') return [];
  const reading = readText(body);
  if (reading.kind === 'text' && !reading.text.includes('\0'))
    return [`--data-binary ${quote(reading.text)}`];
  const bytes = body.kind === 'text' ? Buffer.from(body.text) : Buffer.from(body.bytes);
  return [`--data-binary @<(base64 -d <<< ${bytes.toString('base64')})`];
}

/** Single quotes protect everything except a single quote. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A quoted text in which tokens are variables, which need double quotes. */
function quote(text: string): string {
  return shellQuote(text).replaceAll(
    TOKENS,
    (_, name: string) => `'"$${tokenVariables[principalIn(name)] ?? 'ACCESS_TOKEN'}"'`,
  );
}
