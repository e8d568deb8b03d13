import { PLACEHOLDER } from '../../http/placeholder.ts';
import { readText } from '../../http/read-body.ts';
import { violation } from '../check-result.ts';
import type { Subject } from '../rule-input.ts';
import type { Rule } from './rule.ts';

/**
 * Shapes, not keywords: the documented bodies hold keys such as `stacktrace` and texts such as
 * "forbidden". `secret` shapes are critical.
 */
const shapes: readonly { readonly name: string; readonly pattern: RegExp; readonly secret?: true }[] = [
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
  { name: 'private-key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/, secret: true },
  { name: 'jwt', pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/, secret: true },
  { name: 'aws-key', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, secret: true },
  { name: 'bearer', pattern: /\bBearer [\w.~+/-]{20,}/, secret: true },
  { name: 'url-credentials', pattern: /:\/\/[^\s/:@]+:[^\s/@]+@/, secret: true },
  // Senders put this in place of a token that came back: see `Exchange`.
  { name: 'token', pattern: PLACEHOLDER, secret: true },
];

export const noLeak: Rule = {
  judge(subject) {
    const { body, headers, status } = subject.response;
    const answer = readText(body);
    const text = answer.kind === 'text' ? answer.text : '';
    const values = headers.map(([, value]) => value).join('\n');
    return shapes.flatMap(({ name, pattern, secret }) => {
      // A 200 hands out what a client reported, its own stack traces included: there, only secrets are leaks.
      const searched = secret ? [text, values] : status === 200 ? [] : [text];
      const match = searched.map((one) => pattern.exec(one)?.[0]).find((found) => found !== undefined);
      if (match === undefined || wasSent(match, subject)) return [];
      const severity = secret ? ('critical' as const) : ('major' as const);
      return [violation('response.body.leak', { site: name, severity, details: { shape: name } })];
    });
  },
};

function wasSent(text: string, { exchange }: Subject): boolean {
  const sent = readText(exchange.request.body);
  return exchange.request.url.includes(text) || (sent.kind === 'text' && sent.text.includes(text));
}
