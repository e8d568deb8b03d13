/** Whether a status reports success (2xx). */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

const GATEWAY_ERRORS: readonly number[] = [502, 503, 504];

/** Whether a gateway sends this status when it cannot reach the service behind it. */
export function isGatewayError(status: number): boolean {
  return GATEWAY_ERRORS.includes(status);
}

/** Whether a request is worth repeating, because its connection to the service failed or timed out. */
export function isTemporary(status: number): boolean {
  return isGatewayError(status) || status === 408;
}

/** Statuses that reject the content of a request (RFC 9110 §15.5). */
export const CONTENT_REJECTIONS: readonly number[] = [400, 413, 415, 422];

const REJECTIONS: readonly number[] = [...CONTENT_REJECTIONS, 401, 403, 404];

/**
 * Whether a status says that the service examined a request and did not apply it. Other errors may come after the
 * request was applied. 429 is not included, because the limiter has findings of its own.
 */
export function isRejection(status: number): boolean {
  return REJECTIONS.includes(status);
}
