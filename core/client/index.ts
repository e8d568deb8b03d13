// The entry point for layers that send requests from Node. k6 sends its own.
export { callerOf, tampered } from './authorization.ts';
export { Budget, BudgetSpentError, type BudgetShare } from './budget.ts';
export { pacedDuration, requestsWithin, type Cost, type CostLimits } from './cost.ts';
export { judgeSendResult } from './judge-send-result.ts';
export { isLoopback } from './loopback.ts';
export { permissionFor, permissionNames, Permissions, type Permission } from './permissions.ts';
export {
  bytesOf,
  requestBody,
  type Authorization,
  type RequestSpec,
  type TokenMutation,
} from './request-spec.ts';
export { createSender, type Send, type SendResult } from './send.ts';
export { requestState, StateSetupError, type StateRequest } from './state-endpoint.ts';
export { createThrottle, systemTimer, type Timer } from './throttle.ts';
export { TokenRequestError, TokenStore, type TokenSource, type TokenSources } from './token-store.ts';
export { Transport } from './transport.ts';
export { TargetStoppedError, Watchdog } from './watchdog.ts';
