import * as fc from 'fast-check';

import { bodyCell, type AnyCell } from './mutation.ts';

const wrong: Record<string, string | undefined> = {
  'text-plain': 'text/plain',
  xml: 'application/xml',
  multipart: 'multipart/form-data; boundary=x',
  form: 'application/x-www-form-urlencoded',
  'octet-stream': 'application/octet-stream',
  'no-slash': 'json',
  none: undefined,
};

const right: Record<string, string> = {
  'upper-case': 'APPLICATION/JSON',
  'charset-utf8': 'application/json; charset=utf-8',
};

const unclear: Record<string, string> = {
  'charset-utf16': 'application/json; charset=utf-16',
  'vendor-json': 'application/vnd.api+json',
};

type Kind = 'reject-media' | 'accept' | 'either';

const cell =
  (expectation: Kind) =>
  ([name, contentType]: [string, string | undefined]) =>
    bodyCell({
      id: `media-${name}@content-type`,
      group: expectation === 'accept' ? 'valid@content-type' : 'media@content-type',
      expectation,
      breaks: { kind: 'nothing' },
      param: fc.constant(null),
      body: (base) => JSON.stringify(base),
      contentType,
      was: () => 'application/json',
      sent: () => contentType ?? 'no Content-Type',
    });

/** A valid report under another Content-Type. */
export const mediaType: readonly AnyCell[] = [
  ...Object.entries(wrong).map(cell('reject-media')),
  ...Object.entries(right).map(cell('accept')),
  ...Object.entries(unclear).map(cell('either')),
];
