import * as fc from 'fast-check';

import { managedClientStatusEnum, managedClientType } from '../../core/index.ts';
import { memberCell, type AnyCell, type Param } from './mutation.ts';

type EnumSite = 'status' | 'type';

const values: Record<EnumSite, readonly string[]> = {
  status: managedClientStatusEnum.enum,
  type: managedClientType.enum.filter((value) => value !== null),
};

const PADDING = [' ', '\t', '\n', '\u00A0', '\u200B', '\uFEFF', '\0'];
const HOMOGLYPHS: Record<string, string> = { A: '\u0410', C: '\u0421', E: '\u0415', O: '\u041E' };

interface Operator {
  readonly name: string;
  readonly param: (site: EnumSite) => fc.Arbitrary<Param>;
  readonly value: (site: EnumSite, was: string, param: Param) => unknown;
}

const none = (): fc.Arbitrary<Param> => fc.constant(null);
const text = String;

/** Ways to miss an enum. The value of the base is a member of it. */
const operators: readonly Operator[] = [
  {
    name: 'outside',
    param: (site) => fc.string({ minLength: 1 }).filter((word) => !values[site].includes(word)),
    value: (_, __, param) => param,
  },
  { name: 'empty', param: none, value: () => '' },
  { name: 'lower', param: none, value: (_, was) => was.toLowerCase() },
  { name: 'title', param: none, value: (_, was) => was[0] + was.slice(1).toLowerCase() },
  {
    name: 'padded',
    param: () => fc.record({ padding: fc.constantFrom(...PADDING), first: fc.boolean() }),
    value: (_, was, param) => {
      const { padding, first } = param as { padding: string; first: boolean };
      return first ? padding + was : was + padding;
    },
  },
  {
    name: 'homoglyph',
    param: none,
    value: (_, was) => was.replace(/[ACEO]/, (letter) => HOMOGLYPHS[letter] ?? ''),
  },
  { name: 'affix', param: () => fc.constantFrom('X', '_', '1'), value: (_, was, param) => was + text(param) },
  { name: 'truncated', param: none, value: (_, was) => was.slice(0, -1) },
  { name: 'joined', param: none, value: (site) => values[site].slice(0, 2).join(',') },
  {
    name: 'ordinal-string',
    param: (site) => fc.nat(values[site].length - 1),
    value: (_, __, param) => text(param),
  },
  { name: 'ordinal', param: (site) => fc.nat(values[site].length - 1), value: (_, __, param) => param },
  {
    name: 'crossfield',
    param: (site) => fc.constantFrom(...values[site === 'status' ? 'type' : 'status']),
    value: (_, __, param) => param,
  },
];

const cellsOf = (site: EnumSite): AnyCell[] =>
  operators.map(({ name, param, value }) =>
    memberCell({
      operator: `enum-${name}`,
      site,
      group: 'enum',
      param: param(site),
      value: (was, drawn) => value(site, text(was), drawn),
    }),
  );

/** A status or type that is none. */
export const enumeration: readonly AnyCell[] = [
  ...cellsOf('status'),
  ...cellsOf('type'),
  memberCell({
    operator: 'null-word',
    site: 'type',
    group: 'enum',
    param: fc.constantFrom('null', 'NULL', 'None', 'undefined'),
    value: (_, drawn) => drawn,
  }),
];
