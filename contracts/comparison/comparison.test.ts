import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { openApiDocument } from '../../core/index.ts';
import type { PactFile } from '../pact-files/pact-file.ts';
import { readPacts } from '../pact-files/read-pacts.ts';
import { compareDocument } from './compare.ts';
import type { Difference, DifferenceCode } from './difference.ts';
import { readDocument } from './document.ts';
import { asMarkdown, asText } from './render.ts';

const folder = mkdtempSync(join(tmpdir(), 'mch-compare-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let pacts: readonly PactFile[];
beforeAll(async () => {
  ({ pacts } = await readPacts(join(import.meta.dirname, '..', 'pacts')));
});

/** An OpenAPI document in which tests change anything. */
type Loose = any; // oxlint-disable-line typescript/no-explicit-any -- tests change any part of a document

const PATH = '/beta/managed-clients/{id}/status';

function write(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function compareChanged(change: (document: Loose) => void): Promise<Difference[]> {
  const document: Loose = structuredClone(openApiDocument());
  change(document);
  const read = await readDocument(write('changed.json', JSON.stringify(document)));
  return compareDocument(read, pacts);
}

function codesOf(differences: readonly Difference[]): string[] {
  const relevant = differences.filter(({ kind }) => kind !== 'explained');
  return [...new Set(relevant.map(({ code }) => code))].toSorted();
}

const responseTo = (document: Loose, verb: 'get' | 'post', status: number): Loose =>
  document.paths[PATH][verb].responses[status].content['application/json'];

const statusOf = (document: Loose): Loose => document.components.schemas.ManagedClientStatus;

test('the generated document has no relevant differences', async () => {
  expect(codesOf(await compareChanged(() => undefined))).toEqual([]);
});

describe('a change that breaks interactions', () => {
  test.each<[string, (document: Loose) => void, DifferenceCode[], string]>([
    [
      'a removed operation',
      (document) => delete document.paths[PATH].post,
      ['operation.removed'],
      'a report without a type',
    ],
    [
      'a removed member',
      (document) => delete statusOf(document).properties.timestamp,
      ['answer.unsurvived', 'contract.unfulfilled'],
      'a read of type VA',
    ],
    [
      'a removed type',
      (document) => {
        document.paths[PATH].get.parameters.find(({ name }: Loose) => name === 'type').schema = {
          type: 'string',
          enum: ['CCG', 'VA'],
        };
      },
      ['contract.unfulfilled'],
      'a read of type INTERNAL',
    ],
    [
      'null removed from the request',
      (document) => {
        const schema = structuredClone(statusOf(document));
        schema.properties.type = { type: 'string', enum: ['CCG', 'VA', 'INTERNAL', 'IIQ_HARVESTER'] };
        document.paths[PATH].post.requestBody.content['application/json'].schema = schema;
      },
      ['contract.unfulfilled'],
      'a report without a type',
    ],
    [
      'a removed status',
      (document) => delete document.paths[PATH].get.responses[404],
      ['contract.unfulfilled'],
      'a read for an unknown managed client',
    ],
    [
      'a required header',
      (document) =>
        document.paths[PATH].get.parameters.push({
          name: 'X-SailPoint-Experimental',
          in: 'header',
          required: true,
          schema: { type: 'string' },
        }),
      ['contract.unfulfilled'],
      'a read of type CCG',
    ],
    [
      'a removed error body',
      (document) => {
        responseTo(document, 'get', 404).schema = {
          type: 'object',
          properties: { reason: { type: 'string' } },
        };
      },
      ['contract.unfulfilled'],
      'a read for an unknown managed client',
    ],
  ])('%s', async (_, change, codes, interaction) => {
    const differences = await compareChanged(change);
    expect(codesOf(differences)).toEqual(codes);
    const affected = differences.flatMap((one) => one.affected.flatMap(({ interactions }) => interactions));
    expect(affected).toContain(interaction);
  });

  test('a removed grant, or another scope', async () => {
    const gone = await compareChanged((document) => document.paths[PATH].get.security.pop());
    expect(codesOf(gone)).toEqual(['security.removed']);
    const other = await compareChanged((document) => {
      document.paths[PATH].post.security = [{ userAuth: ['idn:managed-client-status:update'] }];
    });
    expect(codesOf(other)).toEqual(['security.scope']);
  });

  test('a grant that needs another requirement as well', async () => {
    const both = await compareChanged((document) => {
      for (const requirement of document.paths[PATH].get.security) requirement.apiKey = [];
    });
    expect(codesOf(both)).toEqual(['security.removed']);
    const more = await compareChanged((document) => {
      document.paths[PATH].post.security = [{ userAuth: ['idn:managed-client-status:manage', 'idn:more'] }];
    });
    expect(codesOf(more)).toEqual(['security.scope']);
    const open = await compareChanged((document) => {
      document.paths[PATH].post.security = [];
    });
    expect(codesOf(open)).toEqual([]);
  });

  test('a deprecation at another path', async () => {
    const found = await compareChanged((document) => {
      document.paths = { '/managed-clients/v1/{id}/status': document.paths[PATH] };
      document.paths['/managed-clients/v1/{id}/status'].get.deprecated = true;
    });
    expect(codesOf(found)).toContain('operation.deprecated');
  });
});

describe('a response that consumers may not tolerate', () => {
  test.each<[string, (status: Loose) => void, string | undefined]>([
    ['a new status', (status) => status.properties.status.enum.push('OFFLINE'), 'python-sdk fails'],
    ['any status', (status) => delete status.properties.status.enum, 'python-sdk fails'],
    ['a new type', (status) => status.properties.type.enum.push('TOASTER'), undefined],
    [
      'a status that is null',
      (status) => {
        status.properties.status.nullable = true;
        status.properties.status.enum.push(null);
      },
      'go-sdk returns a wrong value',
    ],
    ['no timestamp', (status) => status.required.pop(), 'go-sdk fails'],
    ['a body that is an array', (status) => (status.properties.body.type = 'array'), 'python-sdk fails'],
    ['a date', (status) => (status.properties.timestamp.format = 'date'), 'go-sdk returns a wrong value'],
    [
      'a number as timestamp',
      (status) => (status.properties.timestamp = { type: 'integer', format: 'date-time' }),
      'go-sdk returns a wrong value',
    ],
    ['another member', (status) => (status.properties.health = { type: 'string' }), undefined],
  ])('%s', async (_, change, intolerant) => {
    const differences = await compareChanged((document) => {
      // Changes only the response, not the request.
      const response = structuredClone(statusOf(document));
      for (const [name, schema] of Object.entries<Loose>(response.properties)) {
        const { $ref } = schema;
        if ($ref !== undefined)
          response.properties[name] = structuredClone(document.components.schemas[$ref.split('/').at(-1)]);
      }
      change(response);
      responseTo(document, 'get', 200).schema = response;
    });
    const intolerantTexts = differences
      .filter(({ code }) => code === 'answer.unsurvived')
      .map(({ details }) => details['intolerant']);
    if (intolerant === undefined) {
      expect(intolerantTexts).toEqual([]);
      expect(differences.map(({ code }) => code)).toContain('answer.survived');
    } else expect(intolerantTexts.join()).toContain(intolerant);
  });
});

test('a response with another status or media type may not be tolerated', async () => {
  const created = await compareChanged((document) => {
    const { responses } = document.paths[PATH].post;
    responses[201] = structuredClone(responses[200]);
  });
  expect(codesOf(created)).toEqual(['answer.unsurvived']);
  const problem = await compareChanged((document) => {
    const response = document.paths[PATH].get.responses[200];
    response.content = { 'application/problem+json': response.content['application/json'] };
  });
  expect(codesOf(problem)).toContain('answer.unsurvived');
});

test('allOf is merged, and only the consumers of the pacts are considered', async () => {
  const wrapped = (document: Loose): void => {
    const response = responseTo(document, 'get', 200);
    response.schema = { allOf: [response.schema] };
  };
  expect(codesOf(await compareChanged(wrapped))).toEqual([]);
  const document: Loose = structuredClone(openApiDocument());
  document.components.schemas.ManagedClientStatusEnum?.enum.push('OFFLINE');
  statusOf(document).properties.status = { type: 'string' };
  const read = await readDocument(write('own.json', JSON.stringify(document)));
  const own = pacts.filter(({ consumer }) => consumer.name === 'typescript-sdk');
  expect(codesOf(await compareDocument(read, own))).not.toContain('answer.unsurvived');
});

describe('the migration report', () => {
  /** The generated document with the path and names of v1. */
  function successor(): object {
    const { get } = (structuredClone(openApiDocument()) as Loose).paths[PATH];
    const { components } = structuredClone(openApiDocument()) as Loose;
    const renamed = JSON.stringify(components).replaceAll('"ManagedClientStatus"', '"managedclientstatus"');
    const operation = JSON.stringify({ ...get, deprecated: false, operationId: 'getManagedClientStatusV1' });
    return {
      openapi: '3.0.1',
      info: { title: 'Managed Clients', version: 'v1' },
      servers: [{ url: 'https://{tenant}.api.example.com' }],
      paths: {
        '/managed-clients/v1/{id}/status': {
          get: JSON.parse(operation.replace('schemas/ManagedClientStatus"', 'schemas/managedclientstatus"')),
        },
      },
      components: JSON.parse(renamed),
    };
  }

  test('lists moved, renamed and removed operations for each consumer', async () => {
    const read = await readDocument(write('v1.json', JSON.stringify(successor())));
    const differences = await compareDocument(read, pacts);
    expect(codesOf(differences)).toEqual([
      'operation.moved',
      'operation.removed',
      'operation.renamed',
      'schema.renamed',
    ]);
    const removed = differences.find(({ code }) => code === 'operation.removed');
    expect(removed?.affected.map(({ consumer }) => consumer)).toEqual([
      'go-sdk',
      'python-sdk',
      'typescript-sdk',
    ]);
    const comparison = { document: 'v1.json', version: 'v1', differences, ignored: [] };
    for (const text of [asText(comparison), asMarkdown(comparison)]) {
      expect(text).toContain('/beta/managed-clients/{id}/status is now /managed-clients/v1/{id}/status');
      expect(text).toContain('get_managed_client_status_v1() in python-sdk');
      expect(text).toContain('There is no successor');
      expect(text).toContain('userAuth with idn:managed-client-status:read');
      expect(text).toContain('schema ManagedClientStatus is now managedclientstatus');
    }
  });

  test('reads YAML, and servers with the version in their path', async () => {
    const yaml = `
openapi: 3.0.1
info: { title: t, version: '1' }
servers: [{ url: 'https://tenant.example.com/beta' }]
paths:
  /managed-clients/{id}/status:
    get:
      operationId: getManagedClientStatus
      responses: { '200': { description: ok } }
`;
    const differences = await compareDocument(await readDocument(write('v.yaml', yaml)), pacts);
    expect(codesOf(differences)).not.toContain('operation.moved');
    expect(codesOf(differences)).toContain('operation.removed');
  });
});

test('a path that is a reference is resolved', async () => {
  const document: Loose = structuredClone(openApiDocument());
  const split = { ...document, paths: { [PATH]: { $ref: './path.json' } } };
  const item = JSON.stringify(document.paths[PATH]).replaceAll('#/components', './split.json#/components');
  write('path.json', item);
  const read = await readDocument(write('split.json', JSON.stringify(split)));
  expect(codesOf(await compareDocument(read, pacts))).not.toContain('operation.removed');
});

test('a recursive schema cannot be compared', async () => {
  const circle = compareChanged((document) => {
    document.components.schemas.Node = {
      type: 'object',
      properties: { next: { $ref: '#/components/schemas/Node' } },
    };
    statusOf(document).properties.body = { $ref: '#/components/schemas/Node' };
  });
  await expect(circle).rejects.toThrow('a schema of the operations contains itself');
});

test('pacts about another API cannot be compared', async () => {
  const read = await readDocument(write('own.json', JSON.stringify(openApiDocument())));
  await expect(compareDocument(read, [])).rejects.toThrow('no interaction of the pacts');
});
