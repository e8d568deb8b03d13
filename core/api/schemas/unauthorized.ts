/** Body of 401, written by the gateway. The published property has no type. */
export const unauthorized = {
  title: 'Unauthorized',
  type: 'object',
  properties: { error: {} },
} as const;
