import type { OpenAPIV3 } from 'openapi-types';

import {
  managedClientStatusEnum,
  managedClientType,
  type OperationId,
  reportMembers,
  type ReportMember,
} from '../../core/index.ts';
import { tolerances, type ResponseChange } from '../consumers/tolerances.ts';
import { difference, type Difference } from './difference.ts';
import type { Counterpart } from './document.ts';

/**
 * Finds responses that the document newly allows, and the consumers that do not tolerate them: they fail, or return a
 * wrong value without an error.
 * @param consumers the consumers of the compared pacts
 */
export function compareResponses({ id, theirs }: Counterpart, consumers: readonly string[]): Difference[] {
  const { schema, found } = successOf(theirs);
  const undescribed = schema === undefined ? [difference('answer.undescribed', id, {})] : [];
  const changes = [...found, ...(schema === undefined ? [] : changesIn(schema))];
  return [...undescribed, ...changes.flatMap((one) => differencesOf(one, id, consumers))];
}

function differencesOf(
  { change, description }: FoundChange,
  id: OperationId,
  consumers: readonly string[],
): Difference[] {
  return tolerances
    .filter((one) => isSame(one.change, change))
    .map(({ name, behaviour }) => {
      const intolerant = Object.entries(behaviour).flatMap(([consumer, reaction]) =>
        reaction === 'ok' || !consumers.includes(consumer)
          ? []
          : [`${consumer} ${reaction === 'fails' ? 'fails' : 'returns a wrong value'}`],
      );
      const details = { response: name, description, intolerant: intolerant.join(', ') };
      return difference(intolerant.length === 0 ? 'answer.survived' : 'answer.unsurvived', id, details);
    });
}

/** The schema of the successful response, and unusual statuses or media types. */
function successOf({ responses }: OpenAPIV3.OperationObject): {
  readonly schema: OpenAPIV3.SchemaObject | undefined;
  readonly found: readonly FoundChange[];
} {
  const successes = Object.keys(responses).filter((status) => status.startsWith('2'));
  const others = successes.filter((status) => status !== '200');
  const response = responses['200'];
  const content = response === undefined || '$ref' in response ? {} : (response.content ?? {});
  const [media, described] = Object.entries(content).find(([type]) => /json/i.test(type)) ?? [];
  const isUsual = media === undefined || /^application\/json\b/i.test(media);
  const schema = described?.schema;
  return {
    schema: schema === undefined || '$ref' in schema ? undefined : merged(schema),
    found: [
      ...others.map((status) => responseChange('other-status', `the operation may answer ${status}`)),
      ...(isUsual ? [] : [responseChange('other-media', `the response is ${media}`)]),
    ],
  };
}

function responseChange(kind: ResponseChange['kind'], description: string): FoundChange {
  return { change: { member: 'response', kind }, description };
}

interface FoundChange {
  readonly change: ResponseChange;
  /** The change in terms of the document. */
  readonly description: string;
}

function changesIn(schema: OpenAPIV3.SchemaObject): FoundChange[] {
  const added = Object.keys(schema.properties ?? {}).filter(
    (name) => !reportMembers.includes(name as ReportMember),
  );
  return [
    ...reportMembers.flatMap((member) => changesOf(member, schema)),
    ...added.map((name): FoundChange => ({
      change: { member: 'other', kind: 'added' },
      description: `${name} is a member`,
    })),
  ];
}

function changesOf(member: ReportMember, { properties, required }: OpenAPIV3.SchemaObject): FoundChange[] {
  const schema = properties?.[member];
  if (schema === undefined || '$ref' in schema) {
    return [{ change: { member, kind: 'optional' }, description: `${member} is not a member` }];
  }
  const whole = merged(schema);
  const found = (kind: ResponseChange['kind'], description: string): FoundChange => ({
    change: { member, kind },
    description,
  });
  return [
    ...(required?.includes(member) === true ? [] : [found('optional', `${member} is not required`)]),
    ...(allowsNull(whole) && member !== 'type' ? [found('nullable', `${member} may be null`)] : []),
    ...valuesIn(member, whole).map((value) => found('new-value', `${member} may be ${value}`)),
    ...typesIn(member, whole).map((type) => found('other-type', `${member} may be of type ${type}`)),
    ...(member === 'timestamp' && whole.format !== 'date-time'
      ? [
          found(
            'other-format',
            `timestamp has ${whole.format === undefined ? 'no format' : `the format ${whole.format}`}`,
          ),
        ]
      : []),
  ];
}

/** Merges `allOf`, which generators use to write `nullable` beside a reference. */
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

const knownValues: Partial<Record<ReportMember, readonly unknown[]>> = {
  status: managedClientStatusEnum.enum,
  type: managedClientType.enum,
};

/** Values that are not documented today. Without an enum any text is allowed. */
function valuesIn(member: ReportMember, { enum: values }: OpenAPIV3.SchemaObject): string[] {
  const known = knownValues[member];
  if (known === undefined) return [];
  if (values === undefined) return ['any text'];
  return (values as unknown[])
    .filter((value) => value !== null && !known.includes(value))
    .map((value) => String(value));
}

function typesIn(member: ReportMember, { type }: OpenAPIV3.SchemaObject): string[] {
  const usual = member === 'body' ? 'object' : 'string';
  const types = ([] as unknown[]).concat(type ?? usual).map(String);
  return types.filter((one) => one !== usual && one !== 'null');
}

function isSame(one: ResponseChange | undefined, other: ResponseChange): boolean {
  return one?.member === other.member && one.kind === other.kind;
}
