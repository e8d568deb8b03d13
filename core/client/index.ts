// The door to a target, for layers that run in Node. k6 has its own sender.
export { arrangeState, StateRefusedError, type StateRequest } from './state-endpoint.ts';
export { Budget, BudgetSpentError } from './budget.ts';
export { callerOf, tampered } from './authorization.ts';
export { Guard, isLoopback, permissionFor, permissions, type Permission } from './permissions.ts';
export { judgeSent } from './judge-send-result.ts';
export { createPacer, wallTimer } from './throttle.ts';
export { createSender, type Send, type Sent } from './send.ts';
export { bytesOf, stepBody, type Authorization, type BentToken, type Step } from './request-spec.ts';
export { TokenBook, TokenRefusedError, type TokenSource, type TokenSources } from './tokens.ts';
export { Transport } from './transport.ts';
