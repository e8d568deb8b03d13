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

describe('what is no document', () => {
  test.each([
    ['a file that is not there', join(folder, 'nowhere.json'), 'cannot be read'],
    [
      'no OpenAPI',
      write('none.json', '{"swagger":"2.0","info":{"title":"t","version":"1"},"paths":{}}'),
      'OpenAPI 3',
    ],
    ['no info', write('info.json', '{"openapi":"3.0.1","paths":{}}'), 'is no OpenAPI'],
    [
      'no paths',
      write('paths.json', '{"openapi":"3.0.1","info":{"title":"t","version":"1"},"paths":null}'),
      'is no OpenAPI',
    ],
    ['no JSON', write('text.json', 'hello: [world'), 'is no OpenAPI document'],
  ])('%s', async (_, file, sentence) => {
    await expect(readDocument(file)).rejects.toThrow(sentence);
  });

  test('what it refers to in the network is not fetched', async () => {
    const document = {
      openapi: '3.0.1',
      info: { title: 't', version: '1' },
      paths: { '/x': { $ref: 'http://127.0.0.1:1/paths.json' } },
    };
    await expect(readDocument(write('far.json', JSON.stringify(document)))).rejects.toThrow(/./);
  });
});
