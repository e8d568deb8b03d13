import type { OpenAPIV3 } from 'openapi-types';

import type { OperationId } from '../../core/index.ts';
import type { ApiDocument, Counterpart } from './document.ts';
import { difference, type Affected, type Difference } from './difference.ts';

/** Operations that are deprecated in the API as the consumers know it (since 2024-04-03). */
const DEPRECATED: readonly OperationId[] = ['getManagedClientStatus', 'updateManagedClientStatus'];

/** What whoever calls an operation has to change: where it is, what it is called, who may call it. */
export function compareOperation(
  found: Counterpart,
  document: ApiDocument,
  callers: readonly Affected[],
): Difference[] {
  return [
    ...compareNames(found, callers),
    ...compareSecurity(found, document),
    ...compareSchemaNames(found, document),
  ];
}

function compareNames(
  { id, ours, fullPath, theirs }: Counterpart,
  callers: readonly Affected[],
): Difference[] {
  const to = theirs.operationId;
  const isKnown = DEPRECATED.includes(id) && fullPath === ours.path;
  return [
    ...(fullPath === ours.path
      ? []
      : [difference('operation.moved', id, { from: ours.path, to: fullPath }, callers)]),
    ...(to === undefined || to === id
      ? []
      : [difference('operation.renamed', id, { from: id, to }, callers)]),
    ...(theirs.deprecated === true
      ? [difference(isKnown ? 'operation.deprecated-long-since' : 'operation.deprecated', id, {})]
      : []),
  ];
}

/**
 * Grants that may call an operation, with the scopes that each may bring. One of the listed requirements has to be met
 * as a whole (OpenAPI 3.0.3, Security Requirement Object): a grant may call where a requirement asks for nothing else
 * than it and scopes that it has. No requirement at all lets everybody in.
 */
function compareSecurity({ id, ours, theirs }: Counterpart, { resolved }: ApiDocument): Difference[] {
  const allowed = theirs.security ?? resolved.security ?? [];
  const isOpen = allowed.length === 0 || allowed.some((requirement) => Object.keys(requirement).length === 0);
  const known = Object.entries(ours.security).flatMap(([grant, scope]): Difference[] => {
    const alone = allowed.filter((one) => Object.keys(one).join() === grant).map((one) => one[grant] ?? []);
    if (isOpen || alone.some((scopes) => scopes.every((one) => one === scope))) return [];
    const [scopes] = alone;
    if (scopes === undefined) return [difference('security.removed', id, { grant })];
    return [difference('security.scope', id, { grant, from: scope, to: scopes.join(' and ') })];
  });
  const fresh = new Set(allowed.flatMap((requirement) => Object.keys(requirement)));
  const added = [...fresh].filter(
    (grant) => !(grant in ours.security) && allowed.some((one) => Object.keys(one).join() === grant),
  );
  const kept = Object.entries(ours.security).map(([grant, scope]) => `${grant} with ${scope}`);
  return [
    ...known,
    ...(isOpen ? [difference('security.added', id, { grant: 'everybody' })] : []),
    ...added.map((grant) => difference('security.added', id, { grant })),
    ...(known.length === 0 ? [difference('security.kept', id, { grants: kept.join(', ') })] : []),
  ];
}

/** Names of schemas are names of classes in generated SDKs. A schema that is written inline has none. */
function compareSchemaNames(found: Counterpart, { written }: ApiDocument): Difference[] {
  const { id, ours } = found;
  const pairs = [
    [ours.responses[200], nameOf(schemaOf(found.written.responses?.['200']))],
    [ours.request, nameOf(schemaOf(found.written.requestBody))],
    ...(id === 'getManagedClientStatus' ? [['ManagedClientStatusEnum', statusName(found, written)]] : []),
  ];
  return pairs.flatMap(([from, to]) =>
    from === undefined || to === undefined || from === to
      ? []
      : [difference('schema.renamed', id, { from, to })],
  );
}

type Written<T> = T | OpenAPIV3.ReferenceObject;

function schemaOf(
  content: Written<{ content?: Record<string, OpenAPIV3.MediaTypeObject> }> | undefined,
): Written<OpenAPIV3.SchemaObject> | undefined {
  return content === undefined || '$ref' in content
    ? undefined
    : content.content?.['application/json']?.schema;
}

function nameOf(schema: Written<OpenAPIV3.SchemaObject> | undefined): string | undefined {
  return schema !== undefined && '$ref' in schema ? schema.$ref.split('/').at(-1) : undefined;
}

/** The name of the enum of statuses, where both the status and its enum have one. */
function statusName({ written }: Counterpart, document: OpenAPIV3.Document): string | undefined {
  const name = nameOf(schemaOf(written.responses?.['200']));
  const schema = name === undefined ? undefined : document.components?.schemas?.[name];
  if (schema === undefined || '$ref' in schema) return undefined;
  const status = schema.properties?.['status'];
  const [only] = status !== undefined && !('$ref' in status) ? (status.allOf ?? []) : [];
  return nameOf(only ?? status);
}
