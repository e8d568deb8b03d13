import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { stringify } from 'yaml';

import { isLoopback } from '../../core/client/index.ts';
import {
  judgeCluster,
  LogsError,
  manifestsOf,
  mergeLogs,
  nameOf,
  planShape,
  stressNames,
  thresholdsOf,
  TOKEN_SECRET,
  type ClusterLoad,
  type StressName,
} from '../../load/index.ts';
import { Collector } from '../run/collector.ts';
import { askConsent } from '../run/consent.ts';
import { environment, usage } from '../errors.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { interruptSignal, wantsColour, type Io } from '../io.ts';
import { packagePaths, packageVersion } from '../package-paths.ts';
import { costsOf, describePlan, readsPlan, type Plan } from '../run/plan.ts';
import { preflightReads } from '../run/preflight.ts';
import { consoleReport } from '../reports/console.ts';
import { checkReportsFolder, writeReports } from '../reports/index.ts';
import { makeReport } from '../reports/make-report.ts';
import { reasonOf } from '../run/run-layers.ts';
import { openSession } from '../run/session.ts';
import type { RunSettings } from '../settings/run-settings.ts';

/** `mch cluster <shape>`: writes what a cluster with the k6-operator needs for one shape of load. Sends a few reads itself. */
export async function prepareCluster(name: string, settings: RunSettings, io: Io): Promise<ExitCode> {
  const shape = knownShape(name);
  if (settings.target.kind === 'reference') throw usage('cluster.no-target');
  const cost = planShape(shape, settings.quota);
  const writes = cost.writes > 0;
  if (writes && !settings.allow.includes('write')) throw usage('cluster.needs-write', { shape });
  await checkReportsFolder(settings.reports);
  const session = await openSession(settings, interruptSignal(io));
  try {
    const load: Plan[number] = { layer: 'load', cost };
    const plan = [readsPlan, load];
    if (settings.dryRun) {
      io.stdout.write(describePlan(plan, session));
      return exitCodes.clean;
    }
    const prometheus = prometheusOf(io.env);
    await askConsent(session, io, plan);
    session.budget.take(cost.requests);
    for await (const read of preflightReads(session)) void read;
    const { managedClient: client, quota, segments: runners } = settings;
    const { baseUrl, types, nonce: run } = session;
    const clusterLoad = { shape, run, baseUrl, client, types, quota, writes, runners, prometheus };
    io.stdout.write(await writeFiles(clusterLoad, costsOf([load]), settings.reports));
    return exitCodes.clean;
  } catch (error) {
    throw reasonOf(error, session.signal);
  } finally {
    await session.close();
  }
}

/** @throws {HarnessError} of kind usage where it may have credentials: they would stand in the files */
function prometheusOf(env: Io['env']): string | undefined {
  const given = env['K6_PROMETHEUS_RW_SERVER_URL'];
  if (given === undefined || given === '') return undefined;
  const url = URL.parse(given);
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '')
    throw usage('cluster.prometheus-url');
  return given;
}

function knownShape(name: string): StressName {
  const shape = stressNames.find((known) => known === name);
  if (shape === undefined) throw usage('cluster.unknown-shape', { name, shapes: stressNames.join(', ') });
  return shape;
}

/** @returns what to do with them */
async function writeFiles(load: ClusterLoad, costs: string, reports: string): Promise<string> {
  const folder = join(reports, 'cluster');
  const run = join(folder, 'test-run.yaml');
  const rules = join(folder, 'thresholds.yaml');
  const logs = join(folder, 'runners.log');
  const name = nameOf(load);
  const bundle = await readFile(packagePaths.k6Bundle, 'utf8');
  const documents = manifestsOf(load, bundle).map((one) => stringify(one));
  await mkdir(folder, { recursive: true });
  await writeFile(run, [`# Sends ${costs} to ${load.baseUrl}.\n`, documents.join('---\n')].join(''));
  await writeFile(rules, stringify(thresholdsOf(load), { lineWidth: 0 }));
  return `${run} sends ${costs} when it is applied.
${rules} has its thresholds for Prometheus.

  : "\${MCH_LOAD_ACCESS_TOKEN:?a token of the OAuth client that makes the load}"
  kubectl delete secret ${TOKEN_SECRET} --ignore-not-found
  printf 'own=%s\\n' "$MCH_LOAD_ACCESS_TOKEN" | kubectl create secret generic ${TOKEN_SECRET} --from-file=tokens=/dev/stdin
  kubectl apply -f ${run}
  kubectl wait --for=jsonpath='{.status.stage}'=finished testrun/${name} --timeout=30m
  for pod in $(kubectl get pods -l app=k6,k6_cr=${name},runner=true -o name); do kubectl logs "$pod"; done > ${logs}
  npm run -s mch -- cluster --logs ${logs}
  kubectl delete -f ${run}
`;
}

/** `mch cluster --logs`: one verdict on what the runners have seen. Sends nothing. */
export async function judgeRunners(
  files: readonly string[],
  settings: RunSettings,
  io: Io,
): Promise<ExitCode> {
  await checkReportsFolder(settings.reports);
  const startedAt = new Date();
  const trace = mergeOrExplain(await Promise.all(files.map(readOrExplain)));
  const collector = new Collector();
  const tally = collector.layer('load');
  for (const outcome of judgeCluster(trace)) collector.add(outcome);
  if (trace.problem !== undefined)
    tally.stopped = environment('k6.unusable', { problem: trace.problem }).message;
  tally.durationMs = (trace.lines.at(-1)?.sentAt ?? 0) - (trace.lines[0]?.sentAt ?? 0);
  const { baseUrl: url, client: managedClient, quota } = trace;
  const kind = isLoopback(new URL(url).hostname) ? 'loopback' : 'remote';
  const nobody = { tokenUrl: '', sources: {}, stateUrl: undefined, emptyVariables: {} } as const;
  const target = { kind, url, ...nobody } as const;
  const report = makeReport({
    settings: { ...settings, target, managedClient, quota, allow: ['read'] },
    collector,
    url,
    startedAt,
    durationMs: tally.durationMs,
    version: packageVersion(),
    notes: [],
  });
  io.stdout.write(consoleReport(report, { colour: wantsColour(io), folder: settings.reports }));
  await writeReports(report, settings.reports);
  return report.exitCode;
}

function mergeOrExplain(logs: readonly string[]): ReturnType<typeof mergeLogs> {
  try {
    return mergeLogs(logs);
  } catch (error) {
    if (!(error instanceof LogsError)) throw error;
    if (error.cause !== undefined) throw environment('k6.unusable', { problem: error.cause });
    throw usage('logs.unusable', { problem: error.message });
  }
}

function readOrExplain(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw usage('logs.unusable', { problem: `${file} cannot be read (${error.code})` });
  });
}
