import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { stringify } from 'yaml';

import { isLoopback, type Cost } from '../../core/client/index.ts';
import {
  estimateProfile,
  judgeCluster,
  LogsError,
  manifestsOf,
  mergeLogs,
  nameOf,
  stressNames,
  TOKEN_SECRET,
  type ClusterLoad,
  type StressName,
} from '../../load/index.ts';
import { environment, usage } from '../errors.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { interruptSignal, wantsColour, type Io } from '../io.ts';
import { packagePaths, packageVersion } from '../package-paths.ts';
import { consoleReport } from '../reports/console.ts';
import { writeReports } from '../reports/index.ts';
import { withReportsFolder } from '../run/reports-folder.ts';
import { makeReport } from '../reports/make-report.ts';
import { Collector } from '../run/collector.ts';
import { Traffic } from '../run/traffic.ts';
import { askConsent } from '../run/consent.ts';
import { describeCosts, describePlan, readsPlan, type Plan } from '../run/plan.ts';
import { preflightReads } from '../run/preflight.ts';
import { explainRunError } from '../run/run-layers.ts';
import { openSession } from '../run/session.ts';
import type { RunSettings } from '../settings/run-settings.ts';

/**
 * `mch cluster <profile>`: writes the manifest of a stress profile for a cluster with the k6-operator. Reads the types of the
 * managed client.
 */
export async function prepareCluster(name: string, settings: RunSettings, io: Io): Promise<ExitCode> {
  const profile = knownProfile(name);
  if (settings.target.kind === 'reference') throw usage('cluster.no-target');
  const cost = estimateProfile(profile, settings.quota);
  if (cost.writes > 0 && !settings.allow.includes('write')) throw usage('cluster.needs-write', { profile });
  return withReportsFolder(settings.reports, [], () => writeClusterFiles(profile, cost, settings, io));
}

async function writeClusterFiles(
  profile: StressName,
  cost: Cost,
  settings: RunSettings,
  io: Io,
): Promise<ExitCode> {
  const canWrite = cost.writes > 0;
  const session = await openSession(settings, interruptSignal(io));
  try {
    const load: Plan[number] = { layer: 'load', cost };
    const plan = [readsPlan, load];
    if (settings.dryRun) {
      io.stdout.write(describePlan(plan, session));
      return exitCodes.clean;
    }
    const prometheus = prometheusUrl(io.env);
    await askConsent(session, io, plan);
    session.budget.take(cost.requests);
    const { types } = await preflightReads(session);
    const { managedClient, quota, segments: runners, reports } = settings;
    const { baseUrl, runId: run } = session;
    const target = { baseUrl, managedClient, types, quota };
    const clusterLoad = { profile, run, ...target, canWrite, runners, prometheus };
    io.stdout.write(await writeManifest(clusterLoad, describeCosts([load]), reports));
    return exitCodes.clean;
  } catch (error) {
    throw explainRunError(error, session.signal);
  } finally {
    await session.close();
  }
}

/** @throws {HarnessError} of kind usage if the URL may contain credentials, which would appear in the manifest */
function prometheusUrl(env: Io['env']): string | undefined {
  const given = env['K6_PROMETHEUS_RW_SERVER_URL'];
  if (!given) return undefined;
  const url = URL.parse(given);
  const isPlain = url !== null && url.username === '' && url.password === '' && url.search === '';
  if (!isPlain) throw usage('cluster.prometheus-url');
  return given;
}

function knownProfile(name: string): StressName {
  const profile = stressNames.find((known) => known === name);
  if (profile !== undefined) return profile;
  throw usage('cluster.unknown-profile', { name, profiles: stressNames.join(', ') });
}

/** @returns instructions */
async function writeManifest(load: ClusterLoad, costs: string, reports: string): Promise<string> {
  const folder = join(reports, 'cluster');
  const manifest = join(folder, 'test-run.yaml');
  const logs = join(folder, 'runners.log');
  const name = nameOf(load);
  const bundle = await readFile(packagePaths.bundledLoadScript, 'utf8');
  const documents = manifestsOf(load, bundle).map((one) => stringify(one));
  await mkdir(folder, { recursive: true });
  await writeFile(manifest, [`# Sends ${costs} to ${load.baseUrl}.\n`, documents.join('---\n')].join(''));
  return `${manifest} sends ${costs} when it is applied:

  : "\${MCH_LOAD_ACCESS_TOKEN:?a token of the OAuth client for load}"
  kubectl delete secret ${TOKEN_SECRET} --ignore-not-found
  printf 'own=%s\\n' "$MCH_LOAD_ACCESS_TOKEN" | kubectl create secret generic ${TOKEN_SECRET} --from-file=tokens=/dev/stdin
  kubectl apply -f ${manifest}
  kubectl wait --for=jsonpath='{.status.stage}'=finished testrun/${name} --timeout=30m
  for pod in $(kubectl get pods -l app=k6,k6_cr=${name},runner=true -o name); do kubectl logs "$pod"; done > ${logs}
  npm run -s mch -- cluster --logs ${logs}
  kubectl delete -f ${manifest}
`;
}

/** `mch cluster --logs`: judges the exchanges of all runners. Sends nothing. */
export function judgeRunners(files: readonly string[], settings: RunSettings, io: Io): Promise<ExitCode> {
  return withReportsFolder(settings.reports, [], () => judgeIntoFolder(files, settings, io));
}

async function judgeIntoFolder(files: readonly string[], settings: RunSettings, io: Io): Promise<ExitCode> {
  const { reports } = settings;
  const startedAt = new Date();
  const trace = mergeOrExplain(await Promise.all(files.map(readOrExplain)));
  const collector = new Collector();
  const tally = collector.layer('load');
  judgeCluster(trace, (outcome) => collector.add(outcome));
  const { baseUrl: url, managedClient, quota, exchanges, problem } = trace;
  if (problem !== undefined) tally.stopped = environment('k6.failed', { problem }).message;
  tally.durationMs = (exchanges.at(-1)?.sentAt ?? 0) - (exchanges[0]?.sentAt ?? 0);
  const kind = (await isLoopback(new URL(url).hostname)) ? 'loopback' : 'remote';
  const withoutAccess = { tokenUrl: '', sources: {}, stateUrl: undefined, emptyVariables: {} } as const;
  const target = { kind, url, ...withoutAccess } as const;
  const traffic = new Traffic();
  for (const exchange of exchanges) traffic.addLoad('cluster', exchange);
  const report = makeReport({
    settings: { ...settings, target, managedClient, quota, allow: ['read'] },
    collector,
    traffic,
    url,
    startedAt,
    durationMs: tally.durationMs,
    version: packageVersion(),
    notes: [],
  });
  io.stdout.write(consoleReport(report, { colour: wantsColour(io), folder: reports }));
  writeReports(report, reports);
  return report.exitCode;
}

function mergeOrExplain(logs: readonly string[]): ReturnType<typeof mergeLogs> {
  try {
    return mergeLogs(logs);
  } catch (error) {
    if (!(error instanceof LogsError)) throw error;
    if (error.cause !== undefined) throw environment('k6.failed', { problem: error.cause });
    throw usage('logs.unusable', { problem: error.message });
  }
}

function readOrExplain(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw usage('logs.unusable', { problem: `${file} cannot be read (${error.code})` });
  });
}
