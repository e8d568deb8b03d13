/** Body of 429. The published property has no type. Retry-After is documented in prose only. */
export const tooManyRequests = {
  title: 'TooManyRequests',
  type: 'object',
  properties: { message: {} },
} as const;
