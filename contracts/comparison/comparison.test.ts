import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { openApiDocument } from '../../core/index.ts';
import { readPacts, type PactFile } from '../verification/index.ts';
import { compareDocument } from './compare.ts';
import type { Difference, DifferenceCode } from './difference.ts';
import { readDocument } from './document.ts';
import { asMarkdown, asText } from './render.ts';

const folder = mkdtempSync(join(tmpdir(), 'mch-compare-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let pacts: PactFile[];
beforeAll(async () => {
  pacts = await readPacts(join(import.meta.dirname, '..', 'pacts'));
});

/** An OpenAPI document, as loosely as a test bends it. */
type Loose = any; // oxlint-disable-line typescript/no-explicit-any -- a document is bent at any place

const PATH = '/beta/managed-clients/{id}/status';

function write(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function compareBent(bend: (document: Loose) => void): Promise<Difference[]> {
  const document: Loose = structuredClone(openApiDocument());
  bend(document);
  const read = await readDocument(write('bent.json', JSON.stringify(document)));
  return compareDocument(read, pacts);
}

function codesOf(differences: readonly Difference[]): string[] {
  const mattering = differences.filter(({ kind }) => kind !== 'explained');
  return [...new Set(mattering.map(({ code }) => code))].toSorted();
}

const answerTo = (document: Loose, verb: 'get' | 'post', status: number): Loose =>
  document.paths[PATH][verb].responses[status].content['application/json'];

const statusOf = (document: Loose): Loose => document.components.schemas.ManagedClientStatus;

test('our own document is clean', async () => {
  expect(codesOf(await compareBent(() => undefined))).toEqual([]);
});

describe('what the document does not promise any more', () => {
  test.each<[string, (document: Loose) => void, DifferenceCode[], string]>([
    [
      'an operation is gone',
      (document) => delete document.paths[PATH].post,
      ['operation.removed'],
      'a report without a type',
    ],
    [
      'a member is gone',
      (document) => delete statusOf(document).properties.timestamp,
      ['answer.unsurvived', 'contract.unfulfilled'],
      'a read of type VA',
    ],
    [
      'a type is gone',
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
      'null is gone from what may be reported',
      (document) => {
        const schema = structuredClone(statusOf(document));
        schema.properties.type = { type: 'string', enum: ['CCG', 'VA', 'INTERNAL', 'IIQ_HARVESTER'] };
        document.paths[PATH].post.requestBody.content['application/json'].schema = schema;
      },
      ['contract.unfulfilled'],
      'a report without a type',
    ],
    [
      'an answer is gone',
      (document) => delete document.paths[PATH].get.responses[404],
      ['contract.unfulfilled'],
      'a read for an unknown managed client',
    ],
    [
      'a header is asked for',
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
      'what errors say is gone',
      (document) => {
        answerTo(document, 'get', 404).schema = {
          type: 'object',
          properties: { reason: { type: 'string' } },
        };
      },
      ['contract.unfulfilled'],
      'a read for an unknown managed client',
    ],
  ])('%s', async (_, bend, codes, interaction) => {
    const differences = await compareBent(bend);
    expect(codesOf(differences)).toEqual(codes);
    const affected = differences.flatMap((one) => one.affected.flatMap(({ interactions }) => interactions));
    expect(affected).toContain(interaction);
  });

  test('a grant is gone, or needs another scope', async () => {
    const gone = await compareBent((document) => document.paths[PATH].get.security.pop());
    expect(codesOf(gone)).toEqual(['security.removed']);
    const other = await compareBent((document) => {
      document.paths[PATH].post.security = [{ userAuth: ['idn:managed-client-status:update'] }];
    });
    expect(codesOf(other)).toEqual(['security.scope']);
  });

  test('a grant that has to bring something else as well may not call any more', async () => {
    const both = await compareBent((document) => {
      for (const requirement of document.paths[PATH].get.security) requirement.apiKey = [];
    });
    expect(codesOf(both)).toEqual(['security.removed']);
    const more = await compareBent((document) => {
      document.paths[PATH].post.security = [{ userAuth: ['idn:managed-client-status:manage', 'idn:more'] }];
    });
    expect(codesOf(more)).toEqual(['security.scope']);
    const open = await compareBent((document) => {
      document.paths[PATH].post.security = [];
    });
    expect(codesOf(open)).toEqual([]);
  });

  test('it is deprecated at another place than the known one', async () => {
    const found = await compareBent((document) => {
      document.paths = { '/managed-clients/v1/{id}/status': document.paths[PATH] };
      document.paths['/managed-clients/v1/{id}/status'].get.deprecated = true;
    });
    expect(codesOf(found)).toContain('operation.deprecated');
  });
});

describe('what the document allows that consumers do not survive', () => {
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
      'go-sdk hands on something else',
    ],
    ['no timestamp', (status) => status.required.pop(), 'go-sdk fails'],
    ['a body that is an array', (status) => (status.properties.body.type = 'array'), 'python-sdk fails'],
    ['a date', (status) => (status.properties.timestamp.format = 'date'), 'go-sdk hands on something else'],
    [
      'a number as timestamp',
      (status) => (status.properties.timestamp = { type: 'integer', format: 'date-time' }),
      'go-sdk hands on something else',
    ],
    ['another member', (status) => (status.properties.health = { type: 'string' }), undefined],
  ])('%s', async (_, bend, victims) => {
    const differences = await compareBent((document) => {
      // The answer alone: what may be reported stays as it is.
      const answered = structuredClone(statusOf(document));
      for (const [name, schema] of Object.entries<Loose>(answered.properties)) {
        const { $ref } = schema;
        if ($ref !== undefined)
          answered.properties[name] = structuredClone(document.components.schemas[$ref.split('/').at(-1)]);
      }
      bend(answered);
      answerTo(document, 'get', 200).schema = answered;
    });
    const says = differences
      .filter(({ code }) => code === 'answer.unsurvived')
      .map(({ details }) => details['victims']);
    if (victims === undefined) {
      expect(says).toEqual([]);
      expect(differences.map(({ code }) => code)).toContain('answer.survived');
    } else expect(says.join()).toContain(victims);
  });
});

test('an answer of another status or media type is one that consumers may not survive', async () => {
  const created = await compareBent((document) => {
    const { responses } = document.paths[PATH].post;
    responses[201] = structuredClone(responses[200]);
  });
  expect(codesOf(created)).toEqual(['answer.unsurvived']);
  const problem = await compareBent((document) => {
    const answer = document.paths[PATH].get.responses[200];
    answer.content = { 'application/problem+json': answer.content['application/json'] };
  });
  expect(codesOf(problem)).toContain('answer.unsurvived');
});

test('a schema in parts is read as a whole, and only consumers of the pacts are victims', async () => {
  const wrapped = (document: Loose): void => {
    const answer = answerTo(document, 'get', 200);
    answer.schema = { allOf: [answer.schema] };
  };
  expect(codesOf(await compareBent(wrapped))).toEqual([]);
  const document: Loose = structuredClone(openApiDocument());
  document.components.schemas.ManagedClientStatusEnum?.enum.push('OFFLINE');
  statusOf(document).properties.status = { type: 'string' };
  const read = await readDocument(write('own.json', JSON.stringify(document)));
  const own = pacts.filter(({ consumer }) => consumer.name === 'typescript-sdk');
  expect(codesOf(await compareDocument(read, own))).not.toContain('answer.unsurvived');
});

describe('the migration report', () => {
  /** Our own description, moved to where the API goes: the published one is not ours to copy. */
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

  test('says what moves, what is called otherwise and what is gone, for each consumer', async () => {
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
    const comparison = { document: 'v1.json', version: 'v1', differences };
    for (const text of [asText(comparison), asMarkdown(comparison)]) {
      expect(text).toContain('/beta/managed-clients/{id}/status is /managed-clients/v1/{id}/status');
      expect(text).toContain('get_managed_client_status_v1() in python-sdk');
      expect(text).toContain('There is no successor');
      expect(text).toContain('userAuth with idn:managed-client-status:read');
      expect(text).toContain('schema ManagedClientStatus is managedclientstatus');
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

test('a path that is a reference is followed', async () => {
  const document: Loose = structuredClone(openApiDocument());
  const split = { ...document, paths: { [PATH]: { $ref: './path.json' } } };
  const item = JSON.stringify(document.paths[PATH]).replaceAll('#/components', './split.json#/components');
  write('path.json', item);
  const read = await readDocument(write('split.json', JSON.stringify(split)));
  expect(codesOf(await compareDocument(read, pacts))).not.toContain('operation.removed');
});

test('a schema of ours that contains itself cannot be compared', async () => {
  const circle = compareBent((bent) => {
    bent.components.schemas.Node = {
      type: 'object',
      properties: { next: { $ref: '#/components/schemas/Node' } },
    };
    statusOf(bent).properties.body = { $ref: '#/components/schemas/Node' };
  });
  await expect(circle).rejects.toThrow('it cannot be compared (a schema of our operations contains itself)');
});

test('pacts about something else are no comparison', async () => {
  const read = await readDocument(write('own.json', JSON.stringify(openApiDocument())));
  await expect(compareDocument(read, [])).rejects.toThrow('no interaction of the pacts');
});
