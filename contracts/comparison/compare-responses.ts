import type { OpenAPIV3 } from 'openapi-types';

import { managedClientStatusEnum, managedClientType, type OperationId } from '../../core/index.ts';
import { tolerances, type Change } from '../consumers/tolerances.ts';
import type { Counterpart } from './document.ts';
import { difference, type Difference } from './difference.ts';

/**
 * What the document allows an answer to be that it is not today, and which consumers do not survive it: they fail, or
 * are handed something else without a word.
 * @param consumers those whose contracts are compared
 */
export function compareAnswers({ id, theirs }: Counterpart, consumers: readonly string[]): Difference[] {
  const { schema, found } = successOf(theirs);
  const nothing = schema === undefined ? [difference('answer.undescribed', id, {})] : [];
  const changes = [...found, ...(schema === undefined ? [] : changesIn(schema))];
  return [...nothing, ...changes.flatMap((one) => differencesOf(one, id, consumers))];
}

function differencesOf({ change, says }: Found, id: OperationId, consumers: readonly string[]): Difference[] {
  return tolerances
    .filter((one) => isSame(one.change, change))
    .map(({ name, takings }) => {
      const victims = Object.entries(takings).flatMap(([consumer, taking]) =>
        taking === 'ok' || !consumers.includes(consumer)
          ? []
          : [`${consumer} ${taking === 'fails' ? 'fails' : 'hands on something else'}`],
      );
      const details = { answer: name, says, victims: victims.join(', ') };
      return difference(victims.length === 0 ? 'answer.survived' : 'answer.unsurvived', id, details);
    });
}

/** The schema of the answer to a request that was served, and what is unusual about the answer itself. */
function successOf({ responses }: OpenAPIV3.OperationObject): {
  readonly schema: OpenAPIV3.SchemaObject | undefined;
  readonly found: readonly Found[];
} {
  const served = Object.keys(responses).filter((status) => status.startsWith('2'));
  const others = served.filter((status) => status !== '200');
  const answer = responses['200'];
  const content = answer === undefined || '$ref' in answer ? {} : (answer.content ?? {});
  const [media, described] = Object.entries(content).find(([type]) => /json/i.test(type)) ?? [];
  const isUsual = media === undefined || /^application\/json\b/i.test(media);
  const schema = described?.schema;
  return {
    schema: schema === undefined || '$ref' in schema ? undefined : merged(schema),
    found: [
      ...others.map((status) => answerChange('other-status', `it may answer ${status}`)),
      ...(isUsual ? [] : [answerChange('other-media', `its answer is ${media}`)]),
    ],
  };
}

function answerChange(kind: Change['kind'], says: string): Found {
  return { change: { member: 'answer', kind }, says };
}

interface Found {
  readonly change: Change;
  /** What the document says. */
  readonly says: string;
}

const members = ['body', 'status', 'type', 'timestamp'] as const;
type Member = (typeof members)[number];

function changesIn(schema: OpenAPIV3.SchemaObject): Found[] {
  const added = Object.keys(schema.properties ?? {}).filter((name) => !members.includes(name as Member));
  return [
    ...members.flatMap((member) => changesOf(member, schema)),
    ...added.map((name): Found => ({
      change: { member: 'other', kind: 'added' },
      says: `${name} is a member`,
    })),
  ];
}

function changesOf(member: Member, { properties, required }: OpenAPIV3.SchemaObject): Found[] {
  const schema = properties?.[member];
  if (schema === undefined || '$ref' in schema) {
    return [{ change: { member, kind: 'optional' }, says: `${member} is no member` }];
  }
  const whole = merged(schema);
  const found = (kind: Change['kind'], says: string): Found => ({ change: { member, kind }, says });
  return [
    ...(required?.includes(member) === true ? [] : [found('optional', `${member} is not required`)]),
    ...(allowsNull(whole) && member !== 'type' ? [found('nullable', `${member} may be null`)] : []),
    ...valuesIn(member, whole).map((value) => found('new-value', `${member} may be ${value}`)),
    ...typesIn(member, whole).map((type) => found('other-type', `${member} may be of type ${type}`)),
    ...(member === 'timestamp' && whole.format !== 'date-time'
      ? [found('other-format', `timestamp has the format ${whole.format ?? 'of any text'}`)]
      : []),
  ];
}

/** A schema in parts, as generators write `nullable` beside a reference. */
function merged({ allOf = [], ...own }: OpenAPIV3.SchemaObject): OpenAPIV3.SchemaObject {
  const parts = allOf.filter((part): part is OpenAPIV3.SchemaObject => !('$ref' in part));
  const all = [...parts.map(merged), own];
  const properties = Object.assign({}, ...all.map((part) => part.properties ?? {})) as object;
  const required = all.flatMap((part) => part.required ?? []);
  const whole = Object.assign({}, ...all) as OpenAPIV3.SchemaObject;
  return { ...whole, properties: { ...properties }, required };
}

function allowsNull({ nullable, enum: values, type }: OpenAPIV3.SchemaObject): boolean {
  // OpenAPI 3.1 writes a list of types.
  const types = ([] as unknown[]).concat(type);
  return (nullable === true || types.includes('null')) && (values === undefined || values.includes(null));
}

const knownValues: Partial<Record<Member, readonly unknown[]>> = {
  status: managedClientStatusEnum.enum,
  type: managedClientType.enum,
};

/** Values that are not known today. Without a list any text is one of them. */
function valuesIn(member: Member, { enum: values }: OpenAPIV3.SchemaObject): string[] {
  const known = knownValues[member];
  if (known === undefined) return [];
  if (values === undefined) return ['any text'];
  return (values as unknown[])
    .filter((value) => value !== null && !known.includes(value))
    .map((value) => String(value));
}

function typesIn(member: Member, { type }: OpenAPIV3.SchemaObject): string[] {
  const usual = member === 'body' ? 'object' : 'string';
  const types = ([] as unknown[]).concat(type ?? usual).map(String);
  return types.filter((one) => one !== usual && one !== 'null');
}

function isSame(one: Change | undefined, other: Change): boolean {
  return one?.member === other.member && one.kind === other.kind;
}
