import { baseReport, type MutationInfo } from '../../core/index.ts';
import { writeSpec } from '../runner/requests.ts';
import type { TargetIds } from '../runner/target-ids.ts';
import type { TestCase } from '../runner/test-case.ts';

/** Reports that a service rejects or may reject. Its decision must not depend on the spelling. */
const reports: Record<string, string> = {
  refused: JSON.stringify({ ...baseReport, status: 'BROKEN' }),
  'time-with-space': JSON.stringify({ ...baseReport, timestamp: '2020-01-01 00:00:00Z' }),
  'offset-without-colon': JSON.stringify({ ...baseReport, timestamp: '2020-01-01T00:00:00+0000' }),
};

interface Spelling {
  readonly contentType?: string;
  readonly respell?: (text: string) => string;
}

/** Equivalent spellings: RFC 8259 (layout, order of members, escapes) and RFC 9110 §8.3.1 (media types). */
const spellings: Record<string, Spelling> = {
  charset: { contentType: 'application/json; charset=utf-8' },
  'upper-case-media': { contentType: 'Application/JSON' },
  layout: { respell: (text) => JSON.stringify(JSON.parse(text), null, 2) },
  order: {
    respell: (text) =>
      JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text) as object).toReversed())),
  },
  escapes: { respell: (text) => text.replaceAll(/[a-z]/g, escaped) },
};

function escaped(letter: string): string {
  return `\\u${(letter.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}

/** Each report in each spelling, after the same report as usual. */
export function equivalentTestCases(target: TargetIds): TestCase[] {
  return Object.entries(reports).flatMap(([name, text]) =>
    Object.entries(spellings).map(([spelling, { contentType = 'application/json', respell }]): TestCase => {
      const mutation: MutationInfo = {
        name: `${spelling}-of-${name}`,
        fingerprintClass: `${spelling}@spelling`,
        before: text,
      };
      const options = { target, expectation: 'either', mutation } as const;
      return {
        name: mutation.name,
        suite: 'equivalent-requests',
        steps: [
          writeSpec({ ...options, body: text }),
          writeSpec({ ...options, body: respell?.(text) ?? text, contentType }),
        ],
        relation: 'equivalent-requests',
      };
    }),
  );
}
