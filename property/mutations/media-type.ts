import * as fc from 'fast-check';

import { bodyMutation, type AnyMutation } from './mutation.ts';

const unsupported: Record<string, string | undefined> = {
  'text-plain': 'text/plain',
  xml: 'application/xml',
  multipart: 'multipart/form-data; boundary=x',
  form: 'application/x-www-form-urlencoded',
  'octet-stream': 'application/octet-stream',
  'no-slash': 'json',
  none: undefined,
};

const supported: Record<string, string> = {
  'upper-case': 'APPLICATION/JSON',
  'charset-utf8': 'application/json; charset=utf-8',
};

const unspecified: Record<string, string> = {
  'charset-utf16': 'application/json; charset=utf-16',
  'vendor-json': 'application/vnd.api+json',
};

type MediaTypeKind = 'reject-media' | 'accept' | 'either';

const mutationFor =
  (expectation: MediaTypeKind) =>
  ([name, contentType]: [string, string | undefined]) =>
    bodyMutation({
      name: `media-${name}@content-type`,
      fingerprintClass: expectation === 'accept' ? 'valid@content-type' : 'media@content-type',
      expectation,
      effect: { kind: 'valid' },
      param: fc.constant(null),
      body: (report) => JSON.stringify(report),
      contentType,
      before: () => 'application/json',
      after: () => contentType ?? 'no Content-Type',
    });

/** A valid report with another Content-Type. */
export const mediaType: readonly AnyMutation[] = [
  ...Object.entries(unsupported).map(mutationFor('reject-media')),
  ...Object.entries(supported).map(mutationFor('accept')),
  ...Object.entries(unspecified).map(mutationFor('either')),
];
