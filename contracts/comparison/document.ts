import { readFile } from 'node:fs/promises';

import SwaggerParser from '@apidevtools/swagger-parser';
import type { OpenAPIV3 } from 'openapi-types';

import { operationIds, operations, type Operation, type OperationId } from '../../core/index.ts';

/** The file is not a readable OpenAPI 3 document. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
}

/** An OpenAPI 3 document. */
export interface ApiDocument {
  /** With all references replaced. */
  readonly resolved: OpenAPIV3.Document;
  /** With references, which contain the names of schemas. */
  readonly written: OpenAPIV3.Document;
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
  /** With references. */
  readonly written: OpenAPIV3.OperationObject;
}

/**
 * Reads a document in JSON or YAML. Follows references to other files, but not to the network.
 * @throws {DocumentError}
 */
export async function readDocument(file: string): Promise<ApiDocument> {
  await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw new DocumentError(`${file} is not readable: ${cause.code ?? cause.message}`, { cause });
  });
  try {
    const options = { resolve: { http: false as const } };
    const written = await SwaggerParser.parse(file, options);
    const resolved = await SwaggerParser.dereference(file, options);
    return { written: asVersion3(written, file), resolved: asVersion3(resolved, file) };
  } catch (cause) {
    if (cause instanceof DocumentError) throw cause;
    const { message } = cause instanceof Error ? cause : new Error(String(cause));
    throw new DocumentError(`${file} is not an OpenAPI document: ${message.split('\n')[0]}`, { cause });
  }
}

function asVersion3(document: object, file: string): OpenAPIV3.Document {
  const { openapi, paths, info } = document as Partial<OpenAPIV3.Document>;
  const isComplete = paths !== null && typeof paths === 'object' && info !== null && typeof info === 'object';
  if (openapi?.startsWith('3.') !== true || !isComplete) {
    throw new DocumentError(`${file} is not an OpenAPI 3 document`);
  }
  return document as OpenAPIV3.Document;
}

/** The counterpart of each operation, undefined if the document has none. */
export function counterparts(document: ApiDocument): Record<OperationId, Counterpart | undefined> {
  const entries = operationIds.map((id) => [id, counterpart(id, document)]);
  return Object.fromEntries(entries) as Record<OperationId, Counterpart | undefined>;
}

function counterpart(id: OperationId, { resolved, written }: ApiDocument): Counterpart | undefined {
  const ours: Operation = operations[id];
  const verb = ours.method.toLowerCase() as OpenAPIV3.HttpMethods;
  const prefix = serverPath(resolved);
  const found = Object.entries(resolved.paths).flatMap(([path, item]) => {
    const theirs = item?.[verb];
    if (theirs === undefined || !SAME_RESOURCE.test(path)) return [];
    // A path may itself be a reference.
    const original = written.paths[path]?.[verb] ?? theirs;
    const complete = { ...theirs, responses: theirs.responses ?? {} };
    return [{ id, ours, path, fullPath: `${prefix}${path}`, theirs: complete, written: original }];
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
