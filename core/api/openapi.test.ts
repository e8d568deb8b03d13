import { expect, test } from '@jest/globals';

import { openApiDocument } from './openapi.ts';
import { operationOf, operations, pathOf } from './operations.ts';
import { formatQuota, parseQuota } from './quota.ts';

interface Document {
  readonly paths: Record<
    string,
    Record<string, { operationId: string; responses: object; security: object[] }>
  >;
  readonly components: { readonly schemas: object };
}

test('documents every operation, status and scheme of the table', () => {
  const { paths } = openApiDocument() as Document;
  for (const [id, operation] of Object.entries(operations)) {
    const documented = paths[operation.path]?.[operation.method.toLowerCase()];
    expect(documented?.operationId).toBe(id);
    expect(Object.keys(documented?.responses ?? {})).toEqual([
      '200',
      '400',
      '401',
      '403',
      '404',
      '429',
      '500',
    ]);
  }
  expect(paths['/beta/managed-clients/{id}/status']?.['post']?.security).toEqual([
    { userAuth: ['idn:managed-client-status:manage'] },
  ]);
});

test('refers only to existing schemas', () => {
  const document = openApiDocument() as Document;
  const references = JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g);
  for (const [, name] of references) expect(document.components.schemas).toHaveProperty(String(name));
});

test('encodes ids in paths and finds the operation again', () => {
  expect(pathOf('getManagedClientStatus', 'a/b?$&')).toBe('/beta/managed-clients/a%2Fb%3F%24%26/status');
  expect(operationOf('GET', `${pathOf('getManagedClientStatus', 'a/b')}?type=VA`)).toBe(
    'getManagedClientStatus',
  );
  expect(operationOf('PUT', pathOf('getManagedClientStatus', 'a'))).toBeUndefined();
  expect(operationOf('GET', '/beta/managed-clients/a/b/status')).toBeUndefined();
});

test.each(['100/10s', '20/2s', '15/0.5s'])('reads and writes the quota %s', (text) => {
  const quota = parseQuota(text);
  expect(quota && formatQuota(quota)).toBe(text);
});

test.each(['', '100', '0/10s', '100/10', '100/0s', '-1/1s', '1.5/1s'])('rejects the quota %p', (text) => {
  expect(parseQuota(text)).toBeUndefined();
});
