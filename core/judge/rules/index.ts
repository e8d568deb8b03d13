import { bodySchema } from './body-schema.ts';
import { contentType } from './content-type.ts';
import { documentedStatus } from './documented-status.ts';
import { noLeak } from './no-leak.ts';
import { noServerError } from './no-server-error.ts';
import { rateLimitShape } from './rate-limit-shape.ts';
import { repeatedHeaders } from './repeated-headers.ts';
import { repeatedMembers } from './repeated-members.ts';
import { retryAfter } from './retry-after.ts';
import type { Rule } from './rule.ts';
import { wwwAuthenticate } from './www-authenticate.ts';

/** The rules for every response. */
export const rules: readonly Rule[] = [
  noServerError,
  noLeak,
  documentedStatus,
  contentType,
  bodySchema,
  retryAfter,
  rateLimitShape,
  wwwAuthenticate,
  repeatedMembers,
  repeatedHeaders,
];
