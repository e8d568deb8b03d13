import * as fc from 'fast-check';

import { managedClientStatusEnum, managedClientType } from '../../core/index.ts';
import { nearMisses } from './enum-near-misses.ts';
import { interleave } from './interleave.ts';
import { memberMutation, type AnyMutation, type Param } from './mutation.ts';

type EnumMember = 'status' | 'type';

const values: Record<EnumMember, readonly string[]> = {
  status: managedClientStatusEnum.enum,
  type: managedClientType.enum.filter((value) => value !== null),
};

interface EnumOperator {
  readonly name: string;
  readonly param: (member: EnumMember) => fc.Arbitrary<Param>;
  readonly value: (member: EnumMember, before: string, param: Param) => unknown;
}

const none = (): fc.Arbitrary<Param> => fc.constant(null);
const text = String;

/** Changes a value of an enum to a value of another kind. */
const operators: readonly EnumOperator[] = [
  {
    name: 'outside',
    param: (member) => fc.string({ minLength: 1 }).filter((word) => !values[member].includes(word)),
    value: (_, __, param) => param,
  },
  { name: 'empty', param: none, value: () => '' },
  { name: 'number', param: (member) => fc.nat(values[member].length - 1), value: (_, __, param) => param },
  {
    name: 'crossfield',
    param: (member) => fc.constantFrom(...values[member === 'status' ? 'type' : 'status']),
    value: (_, __, param) => param,
  },
];

/** Near misses of the first value, which is the one that most reports have. */
function nearMissesOf(member: EnumMember): AnyMutation[] {
  return nearMisses.map(({ name, kind, value }) =>
    memberMutation({
      operator: `enum-${name}`,
      member,
      group: kind === 'spelling' ? 'enum' : `enum-${kind}`,
      param: fc.constant(null),
      value: (current) => value(text(current), values[member].indexOf(text(current)), values[member]),
    }),
  );
}

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
  ...interleave(nearMissesOf('status'), nearMissesOf('type')),
  ...mutationsOf('status'),
  ...mutationsOf('type'),
  ...['null', 'NULL', 'None', 'undefined'].map((word) =>
    memberMutation({
      operator: `word-${word}`,
      member: 'type',
      group: 'enum-word',
      param: fc.constant(null),
      value: () => word,
    }),
  ),
];
