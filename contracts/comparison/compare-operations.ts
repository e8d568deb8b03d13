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
    // A document may have anything here.
    ...(typeof to !== 'string' || to === id
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
function compareSchemaNames({ id, ours, theirs }: Counterpart, { nameOf }: ApiDocument): Difference[] {
  const response = schemaOf(theirs.responses['200']);
  const names = [
    [ours.responses[200]?.schema, nameOf(response)],
    [ours.request, nameOf(schemaOf(theirs.requestBody))],
    ...(id === 'getManagedClientStatus' ? [['ManagedClientStatusEnum', statusName(response, nameOf)]] : []),
  ];
  return names.flatMap(([from, to]) =>
    from === undefined || to === undefined || from === to
      ? []
      : [difference('schema.renamed', id, { from, to })],
  );
}

type Resolved<T> = Exclude<T, OpenAPIV3.ReferenceObject>;

function schemaOf(
  content: { content?: Record<string, OpenAPIV3.MediaTypeObject> } | OpenAPIV3.ReferenceObject | undefined,
): OpenAPIV3.SchemaObject | undefined {
  const { content: media } = (content ?? {}) as Resolved<NonNullable<typeof content>>;
  return media?.['application/json']?.schema as OpenAPIV3.SchemaObject | undefined;
}

/** The name of the enum of `status`, if both the response schema and the enum have names. */
function statusName(
  response: OpenAPIV3.SchemaObject | undefined,
  nameOf: ApiDocument['nameOf'],
): string | undefined {
  if (nameOf(response) === undefined) return undefined;
  const status = response?.properties?.['status'] as OpenAPIV3.SchemaObject | undefined;
  return nameOf(status?.allOf?.[0] ?? status);
}
