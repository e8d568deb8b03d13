// The door to a target, for layers that run in Node. k6 has its own sender.
export { arrangeState, StateRefusedError, type StateRequest } from './arrange.ts';
export { Budget, BudgetSpentError } from './budget.ts';
export { callerOf, tampered } from './authorize.ts';
export { Guard, isLoopback, permissionFor, permissions, type Permission } from './guard.ts';
export { judgeSent } from './judge-sent.ts';
export { createPacer, wallTimer } from './pace.ts';
export { createSender, type Send, type Sent } from './sender.ts';
export { bytesOf, stepBody, type Authorization, type BentToken, type Step } from './step.ts';
export { TokenBook, TokenRefusedError, type TokenSource, type TokenSources } from './tokens.ts';
export { Transport } from './transport.ts';
