import { PLACEHOLDER } from '../../http/placeholder.ts';
import { readText } from '../../http/read-body.ts';
import { violation } from '../check-result.ts';
import type { RuleInput } from '../rule-input.ts';
import type { Rule } from './rule.ts';

/**
 * Patterns match the form of a leak and not its keywords, because documented bodies contain keys such as `stacktrace`
 * and texts such as "forbidden".
 */
const shapes: readonly { readonly name: string; readonly pattern: RegExp; readonly isSecret?: true }[] = [
  { name: 'java-frame', pattern: /\bat [\w$.]+\([\w$]+\.(?:java|kt|scala|groovy):\d+\)/ },
  { name: 'node-frame', pattern: /\bat (?:[\w$.<> ]+ )?\(?(?:file:\/\/|node:|\/)[^\s()]+:\d+:\d+\)?/ },
  { name: 'python-frame', pattern: /File "[^"]+", line \d+, in / },
  { name: 'dotnet-frame', pattern: /\bat [\w.`<>[\]]+\([^)]*\) in [^\n]+:line \d+/ },
  { name: 'go-frame', pattern: /goroutine \d+ \[[a-z ]+\]:/ },
  { name: 'ruby-frame', pattern: /\.rb:\d+:in [`'][^']+'/ },
  { name: 'php-frame', pattern: /#\d+ \/[^\s(]+\.php\(\d+\): / },
  { name: 'exception', pattern: /\b(?:[a-z]\w*\.){2,}[A-Z]\w*(?:Exception|Error)\b/ },
  { name: 'caused-by', pattern: /Caused by: / },
  { name: 'sql', pattern: /SQLSTATE\[|\bORA-\d{5}\b|\bPSQLException\b/ },
  { name: 'jackson', pattern: /through reference chain|Cannot deserialize (?:value|instance)|\[Source: \(/ },
  { name: 'mongo', pattern: /\bE11000 duplicate key/ },
  { name: 'server-path', pattern: /(?:\/(?:usr|var|opt|home|srv|app)\/[\w.-]+\/[\w./-]+\.\w+:\d+)/ },
  { name: 'private-key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/, isSecret: true },
  { name: 'jwt', pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/, isSecret: true },
  { name: 'aws-key', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, isSecret: true },
  { name: 'bearer', pattern: /\bBearer [\w.~+/-]{20,}/, isSecret: true },
  { name: 'url-credentials', pattern: /:\/\/[^\s/:@]+:[^\s/@]+@/, isSecret: true },
  // The client replaces a token that the response repeats by this placeholder.
  { name: 'token', pattern: PLACEHOLDER, isSecret: true },
];

/** A response contains no internal details and no secrets. */
export const noLeak: Rule = {
  judge(input) {
    const { body, headers, status } = input.response;
    const reading = readText(body);
    const text = reading.kind === 'text' ? reading.text : '';
    const values = headers.map(([, value]) => value).join('\n');
    return shapes.flatMap(({ name, pattern, isSecret }) => {
      // A 200 returns the report of a client, which may contain stack traces of its own. Only secrets are leaks there.
      const searched = isSecret ? [text, values] : status === 200 ? [] : [text];
      const match = searched.map((one) => pattern.exec(one)?.[0]).find((found) => found !== undefined);
      if (match === undefined || wasSent(match, input)) return [];
      const [, , form] = PLACEHOLDER.exec(match) ?? [];
      const shape = form === undefined ? name : `${name} in ${form}`;
      return [
        violation('response.body.leak', {
          site: name,
          details: { shape, isSecret: isSecret === true, text: excerpt(match, name) },
        }),
      ];
    });
  },
};

const MAX_EXCERPT_LENGTH = 100;
const SHOWN_OF_SECRET = 6;

/** The beginning of a leaked text. A secret of the service must not be in the report, except for a few characters. */
function excerpt(match: string, name: string): string {
  const isOwnPlaceholder = name === 'token';
  const isSecret = shapes.some((shape) => shape.name === name && shape.isSecret);
  const length = isSecret && !isOwnPlaceholder ? SHOWN_OF_SECRET : MAX_EXCERPT_LENGTH;
  return match.length <= length ? match : `${match.slice(0, length)}…`;
}

function wasSent(text: string, { exchange }: RuleInput): boolean {
  const sent = readText(exchange.request.body);
  return exchange.request.url.includes(text) || (sent.kind === 'text' && sent.text.includes(text));
}
