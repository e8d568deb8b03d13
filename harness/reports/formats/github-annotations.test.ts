import { describe, expect, test } from '@jest/globals';

import { gitHubAnnotations } from './github-annotations.ts';
import {
  cleanReport,
  hostileReport,
  inconclusiveReport,
  reportWith,
  sampleFinding,
  tenFindings,
  UNPRINTABLE,
} from './test-support/sample-report.ts';

describe('GitHub annotations', () => {
  test('are errors for gating findings, warnings for others, and none for known ones', () => {
    const lines = gitHubAnnotations(tenFindings);
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      ...Array<string>(8).fill('::error'),
      '::warning',
    ]);
    expect(lines[0]).toBe(
      '::error title=updateManagedClientStatus · invalid request accepted::response.status.server-error' +
        '%0AReceived: status 200%0ADocumented: 400 (RFC 9110 §15.6)%0AFinding: 00000001, seen 3 of 80 times' +
        '%0AReplay: npm run -s mch -- replay 00000001 --target https://api.example.test',
    );
    expect(gitHubAnnotations(cleanReport)).toEqual([]);
  });

  test('are at most ten of a kind; the last one has the number of others', () => {
    const many = Array.from({ length: 25 }, (_, index) =>
      sampleFinding(index, { severity: index < 12 ? 'major' : 'minor' }),
    );
    const lines = gitHubAnnotations(reportWith(many));
    expect(lines.filter((line) => line.startsWith('::error '))).toHaveLength(10);
    expect(lines.filter((line) => line.startsWith('::warning '))).toHaveLength(10);
    expect([lines[9], lines[19]]).toEqual([
      expect.stringMatching(/%0A… and 2 more in the report\.$/),
      expect.stringMatching(/%0A… and 3 more in the report\.$/),
    ]);
    expect(lines.filter((line) => line.includes('more in the report'))).toHaveLength(2);
  });

  test('explain an inconclusive run in one error', () => {
    expect(gitHubAnnotations(inconclusiveReport)).toEqual([
      '::error title=Inconclusive conformance run::Inconclusive: too little was evaluated at ' +
        'https://api.example.test.%0Aproperty: 10 of 100 evaluated; throttled%0Aload: k6 is missing',
    ]);
  });

  test('cannot be forged by texts of a target', () => {
    const lines = gitHubAnnotations(hostileReport);
    expect(lines).toHaveLength(1);
    const [, title = '', message = ''] =
      /^::error title=([^:,\r\n]*)::([^\r\n]*)$/.exec(lines[0] ?? '') ?? [];
    expect(unescaped(title)).toMatch(/^a\\r\\n::error::forged\\n100% %0A \\u0000\\u001b\[31m/);
    expect(UNPRINTABLE.test(unescaped(message))).toBe(false);
  });
});

/** The text that the runner reads from a property. */
function unescaped(text: string): string {
  const escapes = { '%25': '%', '%0D': '\r', '%0A': '\n', '%3A': ':', '%2C': ',' };
  return text.replaceAll(/%(?:25|0D|0A|3A|2C)/g, (escape) => escapes[escape as keyof typeof escapes]);
}
