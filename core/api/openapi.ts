import { operations, type Operation } from './operations.ts';
import { schemas, type SchemaName } from './schemas/index.ts';

const descriptions: Record<number, string> = {
  200: 'The status.',
  400: 'The request is not valid.',
  401: 'The token is missing, expired or not valid.',
  403: 'The token is valid and may not do this.',
  404: 'No such managed client.',
  429: 'The quota is used up. Retry-After says how long to wait.',
  500: 'The service failed.',
};

/** The API as an OpenAPI 3.0 document, made of the same tables the judge reads. Plain JSON data. */
export function openApiDocument(): object {
  return {
    openapi: '3.0.3',
    info: { title: 'Managed client status (beta)', version: 'beta' },
    paths: paths(),
    components: { schemas, securitySchemes: { userAuth: oauth2(), applicationAuth: oauth2() } },
  };
}

function paths(): Record<string, Record<string, object>> {
  const result: Record<string, Record<string, object>> = {};
  for (const [id, operation] of Object.entries<Operation>(operations)) {
    (result[operation.path] ??= {})[operation.method.toLowerCase()] = operationObject(id, operation);
  }
  return result;
}

function operationObject(operationId: string, operation: Operation): object {
  return {
    operationId,
    summary: operation.summary,
    deprecated: true,
    parameters: [
      { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
      ...Object.entries(operation.query).map(([name, query]) => ({ name, in: 'query', ...query })),
    ],
    ...(operation.request && { requestBody: { required: true, content: json(operation.request) } }),
    responses: Object.fromEntries(
      Object.entries(operation.responses).map(([status, schema]) => [
        status,
        { description: descriptions[Number(status)], content: json(schema) },
      ]),
    ),
    security: Object.entries(operation.security).map(([scheme, scope]) => ({ [scheme]: [scope] })),
  };
}

function json(schema: SchemaName): object {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } };
}

function oauth2(): object {
  return { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/oauth/token', scopes: {} } } };
}
