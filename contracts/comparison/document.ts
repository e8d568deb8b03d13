import { readFile } from 'node:fs/promises';

import SwaggerParser from '@apidevtools/swagger-parser';
import type { OpenAPIV3 } from 'openapi-types';

import { operations, type Operation, type OperationId } from '../../core/index.ts';

/** The file cannot be compared with: it is not there, or no OpenAPI 3 document. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
}

/** An OpenAPI 3 document with every reference followed, and as it was written, for the names of its schemas. */
export interface ApiDocument {
  readonly resolved: OpenAPIV3.Document;
  readonly written: OpenAPIV3.Document;
}

/** What a document has in the place of one of our operations. */
export interface Counterpart {
  readonly id: OperationId;
  readonly ours: Operation;
  /** Path template as the document writes it, below its server. */
  readonly path: string;
  /** With the path of the server before it. */
  readonly fullPath: string;
  readonly theirs: OpenAPIV3.OperationObject;
  /** The same, with its references. */
  readonly written: OpenAPIV3.OperationObject;
}

/**
 * Reads a document as JSON or YAML. References to other files are followed, references to the network are not.
 * @throws {DocumentError}
 */
export async function readDocument(file: string): Promise<ApiDocument> {
  await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw new DocumentError(`${file} cannot be read: ${cause.code ?? cause.message}`, { cause });
  });
  try {
    const options = { resolve: { http: false as const } };
    const written = await SwaggerParser.parse(file, options);
    const resolved = await SwaggerParser.dereference(file, options);
    return { written: asVersion3(written, file), resolved: asVersion3(resolved, file) };
  } catch (cause) {
    if (cause instanceof DocumentError) throw cause;
    const { message } = cause instanceof Error ? cause : new Error(String(cause));
    throw new DocumentError(`${file} is no OpenAPI document: ${message.split('\n')[0]}`, { cause });
  }
}

function asVersion3(document: object, file: string): OpenAPIV3.Document {
  const { openapi, paths, info } = document as Partial<OpenAPIV3.Document>;
  const isWhole = paths !== null && typeof paths === 'object' && info !== null && typeof info === 'object';
  if (openapi?.startsWith('3.') !== true || !isWhole) {
    throw new DocumentError(`${file} is no OpenAPI 3 document`);
  }
  return document as OpenAPIV3.Document;
}

const verbs = { GET: 'get', POST: 'post' } as const;

/** What stands for each of our operations; undefined where the document has nothing for it. */
export function counterparts(document: ApiDocument): Record<OperationId, Counterpart | undefined> {
  const entries = (Object.keys(operations) as OperationId[]).map((id) => [id, counterpart(id, document)]);
  return Object.fromEntries(entries) as Record<OperationId, Counterpart | undefined>;
}

function counterpart(id: OperationId, { resolved, written }: ApiDocument): Counterpart | undefined {
  const ours: Operation = operations[id];
  const verb = verbs[ours.method];
  const prefix = serverPath(resolved);
  const found = Object.entries(resolved.paths).flatMap(([path, item]) => {
    const theirs = item?.[verb];
    if (theirs === undefined || !SAME_RESOURCE.test(path)) return [];
    // A path may be a reference itself: then its names are those of what it refers to.
    const original = written.paths[path]?.[verb] ?? theirs;
    const whole = { ...theirs, responses: theirs.responses ?? {} };
    return [{ id, ours, path, fullPath: `${prefix}${path}`, theirs: whole, written: original }];
  });
  return found.find(({ fullPath }) => fullPath === ours.path) ?? found[0];
}

/** The status of one managed client, in any version of the API: versions were put at several places. */
const SAME_RESOURCE = /(^|\/)managed-clients(\/v\d+)?\/\{[^}]+\}\/status$/;

/** `https://{tenant}.api.example.com/beta` → `/beta` */
function serverPath({ servers }: OpenAPIV3.Document): string {
  const url = servers?.[0]?.url ?? '';
  return url.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/\/+$/, '');
}
