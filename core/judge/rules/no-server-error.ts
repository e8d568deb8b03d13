import { isGatewayError } from '../../http/status.ts';
import { inconclusiveBecause, violation } from '../check-result.ts';
import type { Rule } from './rule.ts';

/** No response is a server error. An error of a gateway in front of the service is inconclusive. */
export const noServerError: Rule = {
  judge(input) {
    const { status } = input.response;
    if (status < 500 || input.intent.expectation === 'failing') return [];
    if (isGatewayError(status) && !input.isFromService)
      return [inconclusiveBecause('environment.gateway', { status })];
    return [
      violation('response.status.server-error', {
        site: input.intent.mutation?.fingerprintClass ?? '',
        details: { status },
      }),
    ];
  },
};
