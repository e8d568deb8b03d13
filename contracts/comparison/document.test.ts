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
      'OpenAPI 3',
    ],
    ['a document without info', write('info.json', '{"openapi":"3.0.1","paths":{}}'), 'is not an OpenAPI'],
    [
      'a document without paths',
      write('paths.json', '{"openapi":"3.0.1","info":{"title":"t","version":"1"},"paths":null}'),
      'is not an OpenAPI',
    ],
    ['another text', write('text.json', 'hello: [world'), 'is not an OpenAPI document'],
  ])('%s', async (_, file, sentence) => {
    await expect(readDocument(file)).rejects.toThrow(sentence);
  });

  test('and does not follow references to the network', async () => {
    const document = {
      openapi: '3.0.1',
      info: { title: 't', version: '1' },
      paths: { '/x': { $ref: 'http://127.0.0.1:1/paths.json' } },
    };
    await expect(readDocument(write('far.json', JSON.stringify(document)))).rejects.toThrow(/./);
  });
});
