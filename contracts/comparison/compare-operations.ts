import type { OpenAPIV3 } from 'openapi-types';

import { operations } from '../../core/index.ts';
import { difference, type Affected, type Difference } from './difference.ts';
import type { ApiDocument, Counterpart } from './document.ts';

/** Compares the path, the names and the security of an operation. */
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
  const isKnown = operations[id].isDeprecated && fullPath === ours.path;
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
 * Compares the grants that may call an operation and their scopes. One of the listed requirements must be met completely
 * (OpenAPI 3.0.3, Security Requirement Object), so a grant may call the operation if a requirement contains only this
 * grant and its scopes. Without requirements everybody may call it.
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
  const grants = new Set(allowed.flatMap((requirement) => Object.keys(requirement)));
  const added = [...grants].filter(
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

/** The names of schemas are class names in generated SDKs. An inline schema has no name. */
function compareSchemaNames(found: Counterpart, { written }: ApiDocument): Difference[] {
  const { id, ours } = found;
  const pairs = [
    [ours.responses[200]?.schema, nameOf(schemaOf(found.written.responses?.['200']))],
    [ours.request, nameOf(schemaOf(found.written.requestBody))],
    ...(id === 'getManagedClientStatus' ? [['ManagedClientStatusEnum', statusName(found, written)]] : []),
  ];
  return pairs.flatMap(([from, to]) =>
    from === undefined || to === undefined || from === to
      ? []
      : [difference('schema.renamed', id, { from, to })],
  );
}

type Referable<T> = T | OpenAPIV3.ReferenceObject;

function schemaOf(
  content: Referable<{ content?: Record<string, OpenAPIV3.MediaTypeObject> }> | undefined,
): Referable<OpenAPIV3.SchemaObject> | undefined {
  return content === undefined || '$ref' in content
    ? undefined
    : content.content?.['application/json']?.schema;
}

function nameOf(schema: Referable<OpenAPIV3.SchemaObject> | undefined): string | undefined {
  return schema !== undefined && '$ref' in schema ? schema.$ref.split('/').at(-1) : undefined;
}

/** The name of the enum of `status`, if both the response schema and the enum have names. */
function statusName({ written }: Counterpart, document: OpenAPIV3.Document): string | undefined {
  const name = nameOf(schemaOf(written.responses?.['200']));
  const schema = name === undefined ? undefined : document.components?.schemas?.[name];
  if (schema === undefined || '$ref' in schema) return undefined;
  const status = schema.properties?.['status'];
  const [only] = status !== undefined && !('$ref' in status) ? (status.allOf ?? []) : [];
  return nameOf(only ?? status);
}
