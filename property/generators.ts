// The generators as a library: for the fast-check tests of those who call the API, or answer for it.
export { managedClientStatus } from './arbitraries/managed-client-status.ts';
export { aggResponse } from './arbitraries/agg-response.ts';
export {
  errorResponse,
  tooManyRequestsResponse,
  unauthorizedResponse,
} from './arbitraries/error-response.ts';
export { timestamp } from './arbitraries/timestamp.ts';
