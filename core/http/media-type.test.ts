import { expect, test } from '@jest/globals';

import { parseMediaType } from './media-type.ts';

test.each([
  ['application/json', 'application/json', {}],
  ['APPLICATION/JSON', 'application/json', {}],
  ['application/json; charset=utf-8', 'application/json', { charset: 'utf-8' }],
  ['application/json;Charset="UTF-8"', 'application/json', { charset: 'UTF-8' }],
])('parses %p', (value, essence, parameters) => {
  const type = parseMediaType(value);
  expect(type?.essence).toBe(essence);
  expect(Object.fromEntries(type?.parameters ?? [])).toEqual(parameters);
});

test.each(['', 'json', 'application/', 'application/json, text/html'])('rejects %p', (value) => {
  expect(parseMediaType(value)).toBeUndefined();
});
