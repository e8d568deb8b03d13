export { PactFileError } from './pact-file.ts';
export { VerifierError } from './run-verifier.ts';
export { planVerify, verify, type VerifyOptions } from './verify.ts';
