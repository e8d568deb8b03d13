export { readBrokerAccess, type BrokerAccess } from './access.ts';
export type { CliOptions } from './cli.ts';
export { startBrokerProxy } from './broker-proxy.ts';
export { canIDeploy, publishContracts, recordDeployment, type ConsumerVersion } from './publish.ts';
export { BrokerError } from './broker-error.ts';
