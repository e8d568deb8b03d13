import { documentedQuota, principals, type PrincipalName, type Quota } from '../../core/index.ts';
import { faults, type FaultName } from '../../fixtures/faults/index.ts';
import { startProvider, type Provider } from '../../fixtures/provider/server.ts';
import { environment } from '../errors.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { credentialNames } from '../settings/credentials.ts';

export interface ProviderSettings {
  readonly port: number;
  readonly quota: Quota | undefined;
  readonly tokenTtlSeconds: number;
  readonly fault: FaultName | undefined;
}

/** `mch provider`: runs the reference provider until it is interrupted, and prints what a run against it needs. */
export async function provide(settings: ProviderSettings, io: Io): Promise<ExitCode> {
  const provider = await start(settings);
  io.stdout.write(`${introduction(provider, settings)}\n`);
  await new Promise<void>((resolve) => {
    io.once('SIGINT', resolve);
    io.once('SIGTERM', resolve);
  });
  await provider.close();
  return exitCodes.clean;
}

function start({ port, quota, tokenTtlSeconds, fault }: ProviderSettings): Promise<Provider> {
  return startProvider({
    port,
    quota: quota ?? documentedQuota,
    limited: 'all',
    tokenTtlSeconds,
    clock: Date.now,
    ...(fault !== undefined && { fault: faults[fault] }),
  }).catch((error: unknown) => {
    throw environment('port.taken', { port }, error);
  });
}

/** Lines that a shell can read: the credentials are made anew for each start. */
function introduction({ url, credentials }: Provider, { fault }: ProviderSettings): string {
  const lines = (Object.keys(credentials) as PrincipalName[]).flatMap((name) => {
    const { id, secret } = credentialNames(name);
    const { clientId, clientSecret } = credentials[name];
    return [
      `# ${name}: ${principals[name].purpose}`,
      `export ${id}=${clientId}`,
      `export ${secret}=${clientSecret}`,
    ];
  });
  const sound = fault === undefined ? 'sound' : `fault ${fault}: ${faults[fault].title}`;
  return [
    `# reference provider, ${sound}`,
    `export SAIL_BASE_URL=${url}`,
    'export MCH_MANAGED_CLIENT=aClientId',
    ...lines,
  ].join('\n');
}
