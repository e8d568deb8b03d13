import type { OpenAPIV3 } from 'openapi-types';

import { operationIds, operations, type Operation, type OperationId } from '../../core/index.ts';
import { DocumentError, DocumentReader, type Located } from './resolve-references.ts';

/** The operations of an OpenAPI 3 document that correspond to those of the API. */
export interface ApiDocument {
  /** Only these operations, with all references replaced. */
  readonly resolved: OpenAPIV3.Document;
  /** The name of a schema; undefined for an inline schema. */
  readonly nameOf: (schema: unknown) => string | undefined;
  /** Problems that did not prevent the comparison. */
  readonly ignored: readonly string[];
}

/** An operation of the document that corresponds to an operation of the API. */
export interface Counterpart {
  readonly id: OperationId;
  readonly ours: Operation;
  /** Path template below the server. */
  readonly path: string;
  /** Path template including the path of the server. */
  readonly fullPath: string;
  readonly theirs: OpenAPIV3.OperationObject;
}

/**
 * Reads a document in JSON or YAML, of one or many files. It resolves only what the operations of the API reach, and does
 * not follow references to the network.
 * @throws {DocumentError}
 */
export async function readDocument(file: string): Promise<ApiDocument> {
  const reader = new DocumentReader(file);
  const document = asVersion3(await reader.read(file), file);
  const paths = Object.entries(document.paths).filter(([path]) => SAME_RESOURCE.test(path));
  const resolved: [string, OpenAPIV3.PathItemObject][] = [];
  for (const [path, value] of paths) resolved.push([path, await pathItem({ value, file }, reader)]);
  const { openapi, info, servers, security, components } = document;
  const securitySchemes = await reader.resolve({ value: components?.securitySchemes ?? {}, file });
  return {
    resolved: {
      openapi,
      info,
      ...(servers && { servers }),
      ...(security && { security }),
      paths: Object.fromEntries(resolved),
      components: { securitySchemes: securitySchemes as Record<string, OpenAPIV3.SecuritySchemeObject> },
    },
    nameOf: (schema) => reader.nameOf(schema),
    ignored: [...reader.ignored],
  };
}

const verbs: readonly string[] = operationIds.map((id) => operations[id].method.toLowerCase());

/** A path with the operations of the API. The path may itself be a reference. */
async function pathItem(path: Located, reader: DocumentReader): Promise<OpenAPIV3.PathItemObject> {
  const { value, file } = await reader.follow(path);
  const kept = Object.entries(Object(value) as object).filter(([name]) =>
    [...verbs, 'parameters'].includes(name),
  );
  return (await reader.resolve({ value: Object.fromEntries(kept), file })) as OpenAPIV3.PathItemObject;
}

function asVersion3(document: unknown, file: string): OpenAPIV3.Document {
  const { openapi, swagger, paths, info } = Object(document) as Partial<OpenAPIV3.Document> & {
    swagger?: string;
  };
  if (swagger !== undefined) {
    throw new DocumentError(
      `${file} is a Swagger ${swagger} document: convert it to OpenAPI 3, for example with swagger2openapi`,
    );
  }
  const isComplete = isObject(paths) && isObject(info);
  if (openapi?.startsWith?.('3.') !== true || !isComplete) {
    throw new DocumentError(`${file} is not an OpenAPI 3 document`);
  }
  return document as OpenAPIV3.Document;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** The counterpart of each operation, undefined if the document has none. */
export function counterparts(document: ApiDocument): Record<OperationId, Counterpart | undefined> {
  const entries = operationIds.map((id) => [id, counterpart(id, document)]);
  return Object.fromEntries(entries) as Record<OperationId, Counterpart | undefined>;
}

function counterpart(id: OperationId, { resolved }: ApiDocument): Counterpart | undefined {
  const ours: Operation = operations[id];
  const verb = ours.method.toLowerCase() as OpenAPIV3.HttpMethods;
  const prefix = serverPath(resolved);
  const found = Object.entries(resolved.paths).flatMap(([path, item]) => {
    const theirs = item?.[verb];
    if (theirs === undefined) return [];
    const complete = { ...theirs, responses: theirs.responses ?? {} };
    return [{ id, ours, path, fullPath: `${prefix}${path}`, theirs: complete }];
  });
  return found.find(({ fullPath }) => fullPath === ours.path) ?? found[0];
}

/** The path of the status in any API version. Versions occur at several positions. */
const SAME_RESOURCE = /(^|\/)managed-clients(\/v\d+)?\/\{[^}]+\}\/status$/;

/** `https://{tenant}.api.example.com/beta` → `/beta` */
function serverPath({ servers }: OpenAPIV3.Document): string {
  const url = servers?.[0]?.url ?? '';
  return url.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/\/+$/, '');
}
