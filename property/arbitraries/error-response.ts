import * as fc from 'fast-check';

import { letter } from './letter.ts';

const HEX = Array.from({ length: 16 }, (_, digit) => digit.toString(16));

/** The body of a 400, 403, 404 or 500 of the service. No member is required, and messages may be empty. */
export function errorResponse(): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(
    {
      detailCode: fc.constantFrom(
        '400.1 Bad Request Content',
        '403 Forbidden',
        '404 Not found',
        '500.0 Internal Fault',
      ),
      trackingId: fc.string({
        unit: fc.constantFrom(...HEX),
        minLength: 32,
        maxLength: 32,
      }),
      messages: messages(),
      causes: messages(),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
}

function messages(): fc.Arbitrary<object[]> {
  const message = fc.record(
    {
      locale: fc.constantFrom('en-US', 'de', null),
      localeOrigin: fc.constantFrom('DEFAULT', 'REQUEST', null),
      text: fc.string({ unit: letter() }),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  return fc.array(message, { maxLength: 3 });
}

/** The body of a 401 of the gateway. */
export function unauthorizedResponse(): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(
    { error: fc.constantFrom('JWT validation failed: JWT is expired', 'JWT validation failed: no JWT') },
    { noNullPrototype: true },
  );
}

/** The body of a 429 of the gateway. The documented text has a space at both ends. */
export function tooManyRequestsResponse(): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(
    { message: fc.constantFrom(' Rate Limit Exceeded ', 'slow down') },
    { noNullPrototype: true },
  );
}
