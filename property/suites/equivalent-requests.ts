import type { CellNote } from '../../core/index.ts';
import { canonical } from '../runner/base-report.ts';
import type { Place } from '../runner/target-ids.ts';
import type { Probe } from '../runner/test-case.ts';
import { postStep } from '../runner/requests.ts';

/** Reports of which a service may think what it likes, or has to refuse: whichever it does, the spelling is no reason. */
const bases: Record<string, string> = {
  refused: JSON.stringify({ ...canonical, status: 'BROKEN' }),
  'time-with-space': JSON.stringify({ ...canonical, timestamp: '2020-01-01 00:00:00Z' }),
  'offset-without-colon': JSON.stringify({ ...canonical, timestamp: '2020-01-01T00:00:00+0000' }),
};

interface Spelling {
  readonly contentType?: string;
  readonly write?: (text: string) => string;
}

/** The same report: RFC 8259 leaves layout, order and escapes to the writer, RFC 9110 §8.3.1 the case and parameters. */
const spellings: Record<string, Spelling> = {
  charset: { contentType: 'application/json; charset=utf-8' },
  'upper-case-media': { contentType: 'Application/JSON' },
  layout: { write: (text) => JSON.stringify(JSON.parse(text), null, 2) },
  order: {
    write: (text) =>
      JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text) as object).toReversed())),
  },
  escapes: { write: (text) => text.replaceAll(/[a-z]/g, escaped) },
};

function escaped(letter: string): string {
  return `\\u${(letter.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}

/** Every base in every spelling, each with the base beside it. */
export function equivalentProbes(place: Place): Probe[] {
  return Object.entries(bases).flatMap(([base, text]) =>
    Object.entries(spellings).map(([spelling, { contentType = 'application/json', write }]): Probe => {
      const cell: CellNote = { id: `${spelling}-of-${base}`, group: `${spelling}@spelling`, was: text };
      const ask = { place, expectation: 'either', cell } as const;
      return {
        what: cell.id,
        family: 'equivalent',
        steps: [
          postStep({ ...ask, body: text }),
          postStep({ ...ask, body: write?.(text) ?? text, contentType }),
        ],
        relation: 'equivalent',
      };
    }),
  );
}
