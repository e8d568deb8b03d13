export { PactFileError, readPacts, type PactFile, type PactInteraction } from './pact-file.ts';
export { VerifierError, type VerifierProcess } from './run-verifier.ts';
export { fetchPacts } from './fetch-pacts.ts';
export { splitPacts } from './split-pacts.ts';
export type { Publication } from './publish-results.ts';
export { planVerify, verify, type VerifyOptions } from './verify.ts';
