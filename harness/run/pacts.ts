import { ARRANGED_PROVIDER, PROVIDER, UNKNOWN_ID, type Outcome } from '../../core/index.ts';
import { BrokerError } from '../../contracts/broker/index.ts';
import {
  fetchPacts,
  readPacts,
  verify,
  type PactFile,
  type Publication,
  type VerifierProcess,
  type VerifyOptions,
} from '../../contracts/verification/index.ts';
import { readBuildInfo } from '../settings/build-info.ts';
import { packagePaths } from '../package-paths.ts';
import type { Session } from './session.ts';
import type { PactsFrom } from '../settings/run-settings.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The pacts that a run verifies. @throws {PactFileError | BrokerError} where there are none */
export async function choosePacts({ settings, signal }: Session, env: Env): Promise<PactFile[]> {
  const { pacts } = settings;
  if (pacts.kind === 'committed') return readPacts(packagePaths.pacts);
  if (pacts.kind === 'folder') return readPacts(pacts.folder);
  const child = verifierProcess(env, signal);
  const usual = await fetchPacts(PROVIDER, pacts, child);
  const arranged = await fetchPacts(ARRANGED_PROVIDER, pacts, child);
  if (usual.length === 0) {
    throw new BrokerError('broker.no-pacts', { url: pacts.broker.url, provider: PROVIDER });
  }
  return [...usual, ...arranged];
}

export function verifyOptions(session: Session, env: Env, pacts: readonly PactFile[]): VerifyOptions {
  const { settings, signal } = session;
  return {
    ...session,
    pacts,
    client: settings.managedClient,
    unknownClient: `${UNKNOWN_ID}-${(settings.seed >>> 0).toString(16)}`,
    quota: settings.quota,
    verifier: verifierProcess(env, signal),
    publication: publicationOf(settings.pacts, env),
  };
}

/** Verifies interactions of findings again, wherever their pacts came from. */
export function reverify(pacts: readonly PactFile[], session: Session, env: Env): AsyncGenerator<Outcome> {
  return verify({ ...verifyOptions(session, env, pacts), publication: undefined });
}

function verifierProcess(env: Env, signal: AbortSignal): VerifierProcess {
  return { script: packagePaths.verifier, env, signal };
}

function publicationOf(pacts: PactsFrom, env: Env): Publication | undefined {
  if (pacts.kind !== 'broker' || pacts.publishAs === undefined) return undefined;
  const { broker, branch, publishAs: version } = pacts;
  return { broker, branch, version, buildUrl: readBuildInfo(env, process.cwd()).buildUrl };
}
