import type * as fc from 'fast-check';

import type { CellNote, Expectation, ManagedClientStatus, StateName } from '../../core/index.ts';
import type { Step } from '../../core/client/index.ts';
import type { Place } from '../runner/target-ids.ts';
import { postStep } from '../runner/requests.ts';

/** What a cell's random part may be: JSON data, so that a stored case shrinks again. */
export type Param = null | boolean | number | string | readonly Param[] | { readonly [key: string]: Param };

/** What the body of a cell breaks, to be checked on its bytes before they are judged. */
export type Breaks =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'syntax' }
  | { readonly kind: 'schema'; readonly site: string }
  /** The cell is not about a body, or its effect on one is implementation-defined. */
  | { readonly kind: 'unchecked' };

/**
 * One way to bend a request. A cell is data: `param` is drawn, `render` is pure,
 * and the same base and param always give the same bytes.
 */
export interface Cell<P extends Param = Param> {
  /** `operator@site`: unique, stable, shown to people. */
  readonly id: string;
  /** Cells that one defect would break together share a group. */
  readonly group: string;
  readonly expectation: Expectation;
  readonly breaks: Breaks;
  readonly param: fc.Arbitrary<P>;
  /** A provider state that the caller of this cell needs. */
  readonly state?: StateName;
  /** Large or deep: not sent to what others use as well. */
  readonly heavy?: true;
  render(base: ManagedClientStatus, param: P, place: Place): Step;
}

/** A cell whose param type nobody needs to know any more. */
export type AnyCell = Omit<Cell, 'param' | 'render'> & {
  readonly param: fc.Arbitrary<Param>;
  render(base: ManagedClientStatus, param: Param, place: Place): Step;
};

export interface BodyCell<P extends Param> {
  readonly id: string;
  readonly group: string;
  readonly expectation: Expectation;
  readonly breaks: Breaks;
  readonly param: fc.Arbitrary<P>;
  /** The text or bytes to send instead of the base. */
  body(base: ManagedClientStatus, param: P): string | Uint8Array;
  readonly contentType?: string | undefined;
  readonly heavy?: true;
  /** What people are shown of it. */
  readonly was?: (base: ManagedClientStatus) => string;
  readonly sent?: (base: ManagedClientStatus, param: P) => string;
}

/** A cell that bends the body of a POST. */
export function bodyCell<P extends Param>(cell: BodyCell<P>): AnyCell {
  const { id, group, expectation, breaks, param, heavy } = cell;
  return anyCell({
    id,
    group,
    expectation,
    breaks,
    param,
    ...(heavy && { heavy }),
    render(base, drawn, place) {
      const body = cell.body(base, drawn);
      const note: CellNote = {
        id,
        group,
        was: shorten(cell.was?.(base) ?? JSON.stringify(base)),
        sent: shorten(cell.sent?.(base, drawn) ?? Buffer.from(body).toString('utf8')),
      };
      const contentType = 'contentType' in cell ? { contentType: cell.contentType } : {};
      return postStep({ place, body, expectation, cell: note, ...contentType });
    },
  });
}

export type Member = 'body' | 'status' | 'type' | 'timestamp';
export const members: readonly Member[] = ['body', 'status', 'type', 'timestamp'];

export interface MemberCell<P extends Param> {
  readonly operator: string;
  readonly site: Member;
  readonly group: string;
  readonly expectation?: 'reject' | 'accept' | 'either';
  readonly param: fc.Arbitrary<P>;
  /** The value to send instead, given the one of the base. */
  value(was: unknown, param: P): unknown;
}

/** A cell that gives one member of a report another value. */
export function memberCell<P extends Param>(cell: MemberCell<P>): AnyCell {
  const { operator, site, group, expectation = 'reject', param } = cell;
  return bodyCell({
    id: `${operator}@${site}`,
    group: `${group}@${site}`,
    expectation,
    breaks: breaksOf(expectation, `/${site}`),
    param,
    body: (base, drawn) => JSON.stringify({ ...base, [site]: cell.value(base[site], drawn) }),
    was: (base) => JSON.stringify(base[site]),
    sent: (base, drawn) => JSON.stringify(cell.value(base[site], drawn)),
  });
}

function breaksOf(expectation: 'reject' | 'accept' | 'either', site: string): Breaks {
  if (expectation === 'accept') return { kind: 'nothing' };
  return expectation === 'reject' ? { kind: 'schema', site } : { kind: 'unchecked' };
}

export interface RequestCell<P extends Param> extends Pick<
  Cell<P>,
  'id' | 'group' | 'expectation' | 'state'
> {
  readonly param: fc.Arbitrary<P>;
  /** What people are shown of it. */
  readonly was: string;
  readonly sent: (param: P, place: Place) => string;
  /** Makes the request; `asks` is what the judge is told about it. */
  readonly step: (drawn: {
    readonly base: ManagedClientStatus;
    readonly param: P;
    readonly place: Place;
    readonly asks: { readonly expectation: Expectation; readonly cell: CellNote };
  }) => Step;
}

/** A cell that bends anything but the body. */
export function requestCell<P extends Param>(cell: RequestCell<P>): AnyCell {
  const { was, sent, step, ...rest } = cell;
  const { id, group, expectation } = rest;
  return anyCell({
    ...rest,
    breaks: { kind: 'unchecked' },
    render(base, param, place) {
      const note: CellNote = { id, group, was, sent: shorten(sent(param, place)) };
      return step({ base, param, place, asks: { expectation, cell: note } });
    },
  });
}

/** Forgets the param type: `render` is only ever given what `param` drew. */
function anyCell<P extends Param>({ render, ...cell }: Cell<P>): AnyCell {
  return { ...cell, render: (base, param, place) => render(base, param as P, place) };
}

const LONGEST = 160;

export function shorten(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}… (${text.length} characters)`;
}
