import { readBrokerAccess, type BrokerAccess } from '../../contracts/broker/index.ts';
import { usage } from '../errors.ts';
import type { Environment } from '../io.ts';

/** Reads the broker from the environment. @throws {HarnessError} of kind usage without a usable one */
export function readBroker(env: Environment): BrokerAccess {
  if (env['PACT_BROKER_BASE_URL']?.trim() === '') {
    throw usage('setting.empty', { name: 'PACT_BROKER_BASE_URL' });
  }
  const half = incompleteCredential(env);
  if (half !== undefined) throw usage('credentials.half', { name: half });
  const broker = readBrokerAccess(env);
  if (broker === undefined) throw usage('broker.missing');
  if (broker === null) throw usage('broker.invalid-url');
  return broker;
}

/** The user name or password that is set without the other. A token replaces both. */
function incompleteCredential(env: Environment): string | undefined {
  if (env['PACT_BROKER_TOKEN']?.trim()) return undefined;
  const given = ['PACT_BROKER_USERNAME', 'PACT_BROKER_PASSWORD'].filter((name) => env[name]);
  return given.length === 1 ? given[0] : undefined;
}
