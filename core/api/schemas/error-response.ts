const errorMessage = {
  type: 'object',
  properties: {
    locale: { type: 'string', nullable: true },
    localeOrigin: { type: 'string', nullable: true },
    text: { type: 'string' },
  },
} as const;

/** Body of 400, 403, 404 and 500. No member is required; `localeOrigin` may get new values without notice. */
export const errorResponse = {
  title: 'ErrorResponseDto',
  type: 'object',
  properties: {
    detailCode: { type: 'string' },
    trackingId: { type: 'string' },
    messages: { type: 'array', items: errorMessage },
    causes: { type: 'array', items: errorMessage },
  },
} as const;
