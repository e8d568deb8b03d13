export { readBrokerAccess, type BrokerAccess } from './access.ts';
export type { CliOptions } from './cli.ts';
export { openDoor } from './door.ts';
export { canIDeploy, publishContracts, recordDeployment, type ConsumerVersion } from './publish.ts';
export { BrokerError } from './trouble.ts';
