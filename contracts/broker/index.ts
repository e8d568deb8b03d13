export { readBrokerAccess, type BrokerAccess } from './access.ts';
export { BrokerError } from './broker-error.ts';
export { canIDeploy, type DeployDecision } from './can-i-deploy.ts';
export { openBroker, type BrokerClient } from './client.ts';
export { fetchPact, fetchPacts, type PactSelection } from './fetch-pacts.ts';
export { publishContracts, type ConsumerVersion } from './publish-contracts.ts';
export { publishResult, recordBranch, type PactResult, type ProviderVersion } from './publish-result.ts';
export { recordDeployment } from './record-deployment.ts';
