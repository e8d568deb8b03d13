/** Body of 429. The published property has no type, and the response declares no header: Retry-After is prose. */
export const tooManyRequests = {
  title: 'TooManyRequests',
  type: 'object',
  properties: { message: {} },
} as const;
