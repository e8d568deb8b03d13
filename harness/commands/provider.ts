import { once } from 'node:events';

import { documentedQuota, principals, type PrincipalName, type Quota } from '../../core/index.ts';
import { faults, type FaultName } from '../../fixtures/faults/index.ts';
import { DEFAULT_TOKEN_TTL_S, startProvider, type Provider } from '../../fixtures/provider/server.ts';
import { environment } from '../errors.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { interruptSignal, type Io } from '../io.ts';
import { credentialNames } from '../settings/credentials.ts';
import type { Given } from '../settings/read.ts';
import { knownFault } from '../settings/target-settings.ts';

export interface ProviderSettings {
  readonly port: number;
  readonly quota: Quota;
  readonly tokenTtlSeconds: number;
  readonly fault: FaultName | undefined;
}

/** @throws {HarnessError} of kind usage */
export function providerSettings({
  port = 0,
  quota,
  tokenTtl = DEFAULT_TOKEN_TTL_S,
  fault,
}: Given): ProviderSettings {
  return {
    port,
    quota: quota ?? documentedQuota,
    tokenTtlSeconds: tokenTtl,
    fault: fault === undefined ? undefined : knownFault(fault),
  };
}

/** `mch provider`: runs the reference provider until it is interrupted. Prints the settings for a run against it. */
export async function provide(settings: ProviderSettings, io: Io): Promise<ExitCode> {
  const provider = await start(settings);
  io.stdout.write(`${describeProvider(provider, settings)}\n`);
  await once(interruptSignal(io), 'abort');
  await provider.close();
  return exitCodes.clean;
}

async function start({ fault, ...options }: ProviderSettings): Promise<Provider> {
  try {
    return await startProvider({
      ...options,
      limited: 'all',
      clock: Date.now,
      ...(fault !== undefined && { fault: faults[fault] }),
    });
  } catch (error) {
    throw environment('port.taken', { port: options.port }, error);
  }
}

/** Shell commands that set the environment. The credentials are new after each start. */
function describeProvider({ url, credentials }: Provider, { fault }: ProviderSettings): string {
  const lines = (Object.keys(credentials) as PrincipalName[]).flatMap((name) => {
    const { id, secret } = credentialNames(name);
    const { clientId, clientSecret } = credentials[name];
    return [
      `# ${name}: ${principals[name].purpose}`,
      `export ${id}=${clientId}`,
      `export ${secret}=${clientSecret}`,
    ];
  });
  const state = fault === undefined ? 'without a fault' : `with the fault ${fault}: ${faults[fault].title}`;
  return [
    `# reference provider ${state}`,
    `export SAIL_BASE_URL=${url}`,
    'export MCH_MANAGED_CLIENT=aClientId',
    ...lines,
  ].join('\n');
}
