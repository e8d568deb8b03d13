import * as fc from 'fast-check';

import { managedClientStatusEnum, managedClientType } from '../../core/index.ts';
import { memberMutation, type AnyMutation, type Param } from './mutation.ts';

type EnumMember = 'status' | 'type';

const values: Record<EnumMember, readonly string[]> = {
  status: managedClientStatusEnum.enum,
  type: managedClientType.enum.filter((value) => value !== null),
};

const PADDING = [' ', '\t', '\n', '\u00A0', '\u200B', '\uFEFF', '\0'];
const HOMOGLYPHS: Record<string, string> = { A: '\u0410', C: '\u0421', E: '\u0415', O: '\u041E' };

interface EnumOperator {
  readonly name: string;
  readonly param: (member: EnumMember) => fc.Arbitrary<Param>;
  readonly value: (member: EnumMember, before: string, param: Param) => unknown;
}

const none = (): fc.Arbitrary<Param> => fc.constant(null);
const text = String;

/** Changes a value of an enum to a value outside it. */
const operators: readonly EnumOperator[] = [
  {
    name: 'outside',
    param: (member) => fc.string({ minLength: 1 }).filter((word) => !values[member].includes(word)),
    value: (_, __, param) => param,
  },
  { name: 'empty', param: none, value: () => '' },
  { name: 'lower', param: none, value: (_, current) => current.toLowerCase() },
  { name: 'title', param: none, value: (_, current) => current[0] + current.slice(1).toLowerCase() },
  {
    name: 'padded',
    param: () => fc.record({ padding: fc.constantFrom(...PADDING), isFirst: fc.boolean() }),
    value: (_, current, param) => {
      const { padding, isFirst } = param as { padding: string; isFirst: boolean };
      return isFirst ? padding + current : current + padding;
    },
  },
  {
    name: 'homoglyph',
    param: none,
    value: (_, current) => current.replace(/[ACEO]/, (letter) => HOMOGLYPHS[letter] ?? ''),
  },
  {
    name: 'affix',
    param: () => fc.constantFrom('X', '_', '1'),
    value: (_, current, param) => current + text(param),
  },
  { name: 'truncated', param: none, value: (_, current) => current.slice(0, -1) },
  { name: 'joined', param: none, value: (member) => values[member].slice(0, 2).join(',') },
  {
    name: 'ordinal-string',
    param: (member) => fc.nat(values[member].length - 1),
    value: (_, __, param) => text(param),
  },
  { name: 'ordinal', param: (member) => fc.nat(values[member].length - 1), value: (_, __, param) => param },
  {
    name: 'crossfield',
    param: (member) => fc.constantFrom(...values[member === 'status' ? 'type' : 'status']),
    value: (_, __, param) => param,
  },
];

const mutationsOf = (member: EnumMember): AnyMutation[] =>
  operators.map(({ name, param, value }) =>
    memberMutation({
      operator: `enum-${name}`,
      member,
      group: 'enum',
      param: param(member),
      value: (current, drawn) => value(member, text(current), drawn),
    }),
  );

/** Values outside the enums of status and type. */
export const enumeration: readonly AnyMutation[] = [
  ...mutationsOf('status'),
  ...mutationsOf('type'),
  memberMutation({
    operator: 'null-word',
    member: 'type',
    group: 'enum',
    param: fc.constantFrom('null', 'NULL', 'None', 'undefined'),
    value: (_, drawn) => drawn,
  }),
];
