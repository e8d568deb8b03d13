import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from '@jest/globals';

import { readDocument } from './document.ts';

const folder = mkdtempSync(join(tmpdir(), 'mch-document-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('rejects', () => {
  test.each([
    ['a missing file', join(folder, 'nowhere.json'), 'is not readable'],
    [
      'another format',
      write('none.json', '{"swagger":"2.0","info":{"title":"t","version":"1"},"paths":{}}'),
      'is a Swagger 2.0 document: convert it to OpenAPI 3',
    ],
    ['a document without info', write('info.json', '{"openapi":"3.0.1","paths":{}}'), 'is not an OpenAPI'],
    [
      'a document without paths',
      write('paths.json', '{"openapi":"3.0.1","info":{"title":"t","version":"1"},"paths":null}'),
      'is not an OpenAPI',
    ],
    ['another text', write('text.json', 'hello: [world'), 'is not an OpenAPI 3 document'],
  ])('%s', async (_, file, sentence) => {
    await expect(readDocument(file)).rejects.toThrow(sentence);
  });
});

describe('reads documents as they are published', () => {
  const info = { title: 't', version: '1' };
  const path = '/beta/managed-clients/{id}/status';
  const operation = (schema: object): object => ({
    get: { responses: { 200: { description: 'd', content: { 'application/json': { schema } } } } },
  });

  async function schemaIn(
    file: string,
  ): Promise<{ schema: unknown; name: string | undefined; ignored: readonly string[] }> {
    const { resolved, nameOf, ignored } = await readDocument(file);
    const { content } = (resolved.paths[path]?.get?.responses['200'] ?? {}) as {
      content: Record<string, { schema: unknown }>;
    };
    const schema = content['application/json']?.schema;
    return { schema, name: nameOf(schema), ignored };
  }

  test('of many files, with a reference to a whole file and a pointer', async () => {
    write('Status.yaml', 'type: object\nproperties:\n  type: { $ref: "types.yaml#/a~1b" }\n');
    write('types.yaml', 'a/b: { type: string }\n');
    write('path.yaml', JSON.stringify(operation({ $ref: './Status.yaml' })));
    const file = write(
      'many.yaml',
      JSON.stringify({ openapi: '3.0.1', info, paths: { [path]: { $ref: 'path.yaml' } } }),
    );
    expect(await schemaIn(file)).toEqual({
      schema: { type: 'object', properties: { type: { type: 'string' } } },
      name: 'Status',
      ignored: [],
    });
  });

  test('with references to nowhere and to the network elsewhere', async () => {
    const elsewhere = { get: { $ref: 'http://127.0.0.1:1/x.json' } };
    const document = {
      openapi: '3.1.0',
      info,
      paths: { [path]: operation({ type: 'object' }), '/x': elsewhere, '/y': { $ref: 'gone.yaml' } },
    };
    const { schema, ignored } = await schemaIn(write('dangling.json', JSON.stringify(document)));
    expect([schema, ignored]).toEqual([{ type: 'object' }, []]);
  });

  test('and reports references to nowhere that the operations reach', async () => {
    const schema = {
      type: 'object',
      example: { $ref: 'gone.json' },
      properties: { a: { $ref: 'https://far.example/a' } },
    };
    const document = { openapi: '3.0.1', info, paths: { [path]: operation(schema) } };
    const found = await schemaIn(write('reached.json', JSON.stringify(document)));
    expect(found.schema).toEqual({ type: 'object', example: {}, properties: { a: {} } });
    expect(found.ignored).toEqual([
      expect.stringContaining('nothing is at gone.json'),
      expect.stringContaining('nothing is at https://far.example/a'),
    ]);
  });

  test('with YAML that strict parsers reject', async () => {
    const yaml = `openapi: 3.0.1\ninfo: { title: t, version: '1' }\npaths:\n  '${path}':\n    get:\n      x-example: {\n        "a": 1,\n        "b": 2\n      }\n      responses:\n        '200':\n          description: d\n          description: twice\n          content: { application/json: { schema: { type: object } } }\n`;
    expect((await schemaIn(write('loose.yaml', yaml))).schema).toEqual({ type: 'object' });
  });

  test('but no files outside its folder', async () => {
    const schema = { type: 'object', properties: { a: { $ref: '../../../etc/passwd' }, b: { $ref: '%zz' } } };
    const document = { openapi: '3.0.1', info, paths: { [path]: operation(schema) } };
    const found = await schemaIn(write('outside.json', JSON.stringify(document)));
    expect(found.ignored).toHaveLength(2);
  });

  test.each([
    ['a cycle of aliases', 'x-a: &a { b: *a }'],
    [
      'references that double',
      `x-0: { a: 1 }\n${Array.from({ length: 40 }, (_, n) => `x-${n + 1}: { a: { $ref: "#/x-${n}" }, b: { $ref: "#/x-${n}" } }`).join('\n')}`,
    ],
  ])('and not without limits: %s', async (_, more) => {
    const schema = more.startsWith('x-a') ? '*a' : '{ $ref: "#/x-40" }';
    const yaml = `openapi: 3.0.1\ninfo: { title: t, version: '1' }\n${more}\npaths:\n  '${path}':\n    get: { responses: { '200': { description: d, content: { application/json: { schema: ${schema} } } } } }\n`;
    await expect(readDocument(write('limits.yaml', yaml))).rejects.toThrow(
      /nested too deeply or too large|is not YAML/,
    );
  });

  test('but not a schema that contains itself', async () => {
    const components = { schemas: { A: { properties: { a: { $ref: '#/components/schemas/A' } } } } };
    const document = {
      openapi: '3.0.1',
      info,
      components,
      paths: { [path]: operation({ $ref: '#/components/schemas/A' }) },
    };
    await expect(readDocument(write('circle.json', JSON.stringify(document)))).rejects.toThrow(
      'contains itself',
    );
  });
});
