import { PLACEHOLDER, readText, type Exchange } from '../../core/index.ts';

const TOKENS = new RegExp(PLACEHOLDER, 'g');

/** Environment names that hold the tokens a command line needs. */
const variables: Record<string, string> = {
  user: 'SAIL_ACCESS_TOKEN',
  reader: 'MCH_READER_ACCESS_TOKEN',
  application: 'MCH_APPLICATION_ACCESS_TOKEN',
  other: 'MCH_OTHER_ACCESS_TOKEN',
  load: 'MCH_LOAD_ACCESS_TOKEN',
};

/** A curl command that sends the request of an exchange; tokens are variables of the shell. */
export function curlOf({ request }: Exchange): string {
  const { method, url, headers, body } = request;
  const fields = headers.map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`);
  return ['curl -i --path-as-is --globoff', `-X ${method}`, ...fields, ...data(body), quote(url)].join(' ');
}

function data(body: Exchange['request']['body']): string[] {
  if (body.kind === 'none') return [];
  const reading = readText(body);
  if (reading.kind === 'text' && !reading.text.includes('\0'))
    return [`--data-binary ${quote(reading.text)}`];
  const bytes = body.kind === 'text' ? Buffer.from(body.text) : Buffer.from(body.bytes);
  return [`--data-binary @<(base64 -d <<< ${bytes.toString('base64')})`];
}

/** Single quotes take everything but themselves; a token needs double quotes around its variable. */
function quote(text: string): string {
  const quoted = `'${text.replaceAll("'", String.raw`'\''`)}'`;
  return quoted.replaceAll(TOKENS, (_, name: string) => `'"$${variables[name] ?? 'ACCESS_TOKEN'}"'`);
}
