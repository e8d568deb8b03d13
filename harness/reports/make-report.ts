import {
  codes,
  describeFinding,
  describeInconclusive,
  describeSkip,
  documentedQuota,
  formatQuota,
  PROVIDER,
  readText,
  severities,
  type Body,
  type Details,
  type Exchange,
  type HeaderLine,
  type PrincipalName,
} from '../../core/index.ts';
import { isKnown } from '../history/baseline.ts';
import type { CollectedFinding, Collector, LayerTally } from '../run/collector.ts';
import { requiredPermissions } from '../run/layer-names.ts';
import type { Traffic } from '../run/traffic.ts';
import { exitCodeOf, gatingFindings, layerVerdict, verdictOf } from '../run/verdict.ts';
import { DEFAULT_REPORTS, referenceClients, type RunSettings } from '../settings/run-settings.ts';
import { curlOf, principalOf, shellQuote } from './curl.ts';
import { coverageOf } from './coverage.ts';
import type {
  Report,
  ReportedExchange,
  ReportedFinding,
  ReportedLayer,
  ReportedMessage,
  ReportedStep,
  ReportedTraffic,
} from './report.ts';

export interface ReportInput {
  readonly settings: RunSettings;
  readonly collector: Collector;
  readonly traffic: Traffic;
  readonly url: string;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly version: string;
  readonly notes: readonly string[];
}

/** The command in a checkout. */
const MCH = 'npm run -s mch --';

/** Makes the report of a run. Codes become texts only here. */
export function makeReport(input: ReportInput): Report {
  const { settings, collector, traffic, url, startedAt, durationMs, version, notes } = input;
  const found = [...collector.findings.values()].toSorted(bySeverity);
  const isKnownToday = (id: string): boolean => isKnown(id, settings.baseline, startedAt);
  const gating = gatingFindings(found, settings.failOn, isKnownToday);
  const tallies = [...collector.layers.values()];
  const exitCode = exitCodeOf(tallies, gating);
  const { [READ_AGE]: readAge, ...limiter } = collector.measured;
  const commands = commandsOf(settings);
  const findings = found.map((one) => ({
    ...reportFinding(one, commands, settings.redact),
    sent: collector.sent(one) ?? null,
    known: isKnownToday(one.finding.id),
  }));
  const groups = reportGroups(collector, found);
  const exchanges = reportTraffic(traffic);
  return {
    schemaVersion: 2,
    tool: { name: 'managed-clients-harness', version },
    startedAt: startedAt.toISOString(),
    durationMs,
    target: { url, kind: settings.target.kind, fault: faultOf(settings) },
    profile: settings.profile,
    seed: settings.seed,
    quota: formatQuota(settings.quota),
    failOn: settings.failOn,
    verdict: verdictOf(exitCode),
    exitCode,
    layers: tallies.map((tally) => reportLayer(tally, gating, settings)),
    notRun: settings.excluded.map((name) => ({
      name,
      reason: describeSkip('not-allowed', { permission: requiredPermissions[name] }),
    })),
    groups,
    findings,
    limiter,
    loadPoints: traffic.points,
    traffic: exchanges,
    mutations: [...collector.mutations].map(([name, tally]) => ({ name, ...tally })),
    coverage: coverageOf({ traffic: exchanges, groups }, findings),
    notes: [
      ...notes,
      ...(readAge === undefined ? [] : [`The oldest status that a read returned was ${readAge} ms old.`]),
      ...(traffic.omittedPoints === 0
        ? []
        : [
            `The report shows ${traffic.points.length} requests of the load layer and omits ${traffic.omittedPoints}.`,
          ]),
      ...expiredNotes(settings, found, startedAt),
    ],
  };
}

/** The name of a figure about consistency. All others are about the limiter. */
const READ_AGE = 'maxReadAgeMs';

/** Explains why a finding of the baseline changes the exit code again. */
function expiredNotes(
  { baseline }: RunSettings,
  findings: readonly CollectedFinding[],
  today: Date,
): readonly string[] {
  return findings.flatMap(({ finding: { id } }) => {
    const expires = baseline.get(id)?.expires;
    return expires === undefined || isKnown(id, baseline, today)
      ? []
      : [`The baseline entry of ${id} expired on ${expires}.`];
  });
}

function faultOf({ target }: RunSettings): string | null {
  return target.kind === 'reference' ? (target.fault ?? null) : null;
}

/** The reference provider has managed clients of its own, which are the default. */
function managedClientFlags({ target, managedClient, secondManagedClient }: RunSettings): string {
  const [first, second] = target.kind === 'reference' ? referenceClients : [];
  return [
    managedClient === first ? '' : ` --managed-client ${managedClient}`,
    secondManagedClient === second ? '' : ` --second-managed-client ${secondManagedClient}`,
  ].join('');
}

/** Commands for a terminal. */
interface Commands {
  /** Starts the target if it ends with the run. */
  readonly start: string | null;
  readonly replay: (id: string) => string;
  /** The address for curl. */
  readonly url: (url: string) => string;
}

/** For a provider that is started again. */
const PASTED_PORT = 8080;

function commandsOf(settings: RunSettings): Commands {
  const isReference = settings.target.kind === 'reference';
  const flags = replayFlags(settings);
  const fault = faultOf(settings);
  const withFault = fault === null ? '' : ` --fault ${fault}`;
  return {
    start: isReference ? `${MCH} provider --port ${PASTED_PORT}${withFault}` : null,
    replay: (id) => `${MCH} replay ${id}${flags}`,
    url: (url) =>
      isReference ? url.replace(/^http:\/\/127\.0\.0\.1:\d+/, `http://127.0.0.1:${PASTED_PORT}`) : url,
  };
}

/** The flags that a replay needs to have the same target and settings. */
function replayFlags(settings: RunSettings): string {
  const { target, quota, reports, allow, profile, contracts } = settings;
  const fault = faultOf(settings);
  return [
    target.kind === 'reference'
      ? target.isExplicit
        ? ' --target reference'
        : ''
      : ` --target ${target.url}`,
    managedClientFlags(settings),
    target.kind === 'reference' || target.stateUrl === undefined ? '' : ` --state-url ${target.stateUrl}`,
    target.kind === 'remote' && allow.length > 1 ? ` --allow ${allow.join(',')}` : '',
    fault === null ? '' : ` --fault ${fault}`,
    formatQuota(quota) === formatQuota(documentedQuota) ? '' : ` --quota ${formatQuota(quota)}`,
    // Only this profile runs the nightly load suite.
    profile === 'nightly' ? ' --profile nightly' : '',
    contracts.basePath === '' ? '' : ` --base-path ${contracts.basePath}`,
    contracts.providerName === PROVIDER ? '' : ` --provider-name ${shellQuote(contracts.providerName)}`,
    ...contracts.headers.map(([name, value]) => ` --header ${shellQuote(`${name}: ${value}`)}`),
    reports === DEFAULT_REPORTS ? '' : ` --reports ${reports}`,
  ].join('');
}

function bySeverity(a: CollectedFinding, b: CollectedFinding): number {
  return severities.indexOf(a.finding.severity) - severities.indexOf(b.finding.severity);
}

function reportLayer(
  tally: LayerTally,
  gating: readonly CollectedFinding[],
  settings: RunSettings,
): ReportedLayer {
  const { name, attempted, evaluated, requests, durationMs, stopped = null } = tally;
  return {
    name,
    verdict: layerVerdict(tally, gating),
    attempted,
    evaluated,
    requests,
    durationMs,
    stopped,
    skipped: tally.skipped.map(({ reason, details, ...check }) => ({
      ...check,
      reason: describeSkip(reason, details) + emptyNote(details, settings),
    })),
    inconclusive: tally.inconclusive.map(({ reason, details, ...check }) => ({
      ...check,
      reason: describeInconclusive(reason, details),
    })),
  };
}

/** A principal may be missing because a pipeline sets its variable to an empty secret. */
function emptyNote({ principal }: Details, { target }: RunSettings): string {
  const variables = target.kind === 'reference' ? {} : target.emptyVariables;
  const empty = variables[principal as PrincipalName];
  return empty === undefined ? '' : ` (${empty} is set but empty)`;
}

function reportGroups(collector: Collector, findings: readonly CollectedFinding[]): Report['groups'] {
  return [...collector.suites].map(([key, { layer, suite, consumer = null, attempted, evaluated }]) => ({
    layer,
    name: suite,
    consumer,
    attempted,
    evaluated,
    findings: findings.filter(({ suites }) => suites.has(key)).map(({ finding }) => finding.id),
  }));
}

function reportFinding(
  { finding, layer, seenBy, replay, count }: CollectedFinding,
  commands: Commands,
  isRedacted: boolean,
): Omit<ReportedFinding, 'known' | 'sent'> {
  const { id, code, severity, operation = null, details, exchange, sequence = [], mutation } = finding;
  const { title, received, documented } = describeFinding(code, details);
  return {
    id,
    code,
    severity,
    layer,
    seenBy,
    operation,
    title,
    count,
    received,
    documented,
    source: codes[code].source,
    details,
    exchange: exchange === undefined ? null : reportExchange(exchange, isRedacted),
    sequence: sequence.length < 2 ? [] : reportSequence(sequence, isRedacted),
    mutation:
      mutation === undefined
        ? null
        : { name: mutation.name, before: mutation.before ?? null, after: mutation.after ?? null },
    principal: (exchange && principalOf(exchange)) ?? null,
    start: exchange === undefined ? null : commands.start,
    curl: exchange === undefined ? null : curlOf(exchange, commands.url),
    replay: commands.replay(id),
    replayData: replay ?? null,
  };
}

function reportExchange(exchange: Exchange, isRedacted: boolean): ReportedExchange {
  const response = responseOf(exchange);
  return { request: requestOf(exchange), response: isRedacted ? { ...response, body: null } : response };
}

/** A longer sequence shows nothing more. */
const MAX_STEPS = 40;

function reportSequence(sequence: readonly Exchange[], isRedacted: boolean): ReportedStep[] {
  const start = Math.min(...sequence.map(({ sentAt }) => sentAt));
  const sinceStart = (time: number): number => Math.round((time - start) * 10) / 10;
  return sequence.slice(-MAX_STEPS).map((exchange) => ({
    ...reportExchange(exchange, isRedacted),
    sentAt: sinceStart(exchange.sentAt),
    receivedAt: sinceStart(exchange.receivedAt),
  }));
}

function reportTraffic({ rows }: Traffic): ReportedTraffic[] {
  return [...rows.values()].map(({ operation, status, count, durations }) => {
    const sorted = durations.toSorted((a, b) => a - b);
    const at = (share: number): number => {
      const index = Math.min(sorted.length - 1, Math.floor(share * sorted.length));
      return Math.round((sorted[index] ?? 0) * 10) / 10;
    };
    return { operation, status, count, medianMs: at(0.5), p95Ms: at(0.95), maxMs: at(1) };
  });
}

function requestOf({ request }: Exchange): ReportedMessage {
  return {
    line: `${request.method} ${request.url}`,
    headers: copyHeaders(request.headers),
    body: bodyText(request.body),
  };
}

function responseOf({ answer }: Exchange): ReportedMessage {
  if (answer.kind === 'failure')
    return { line: `${answer.reason}: ${answer.detail}`, headers: [], body: null };
  return { line: String(answer.status), headers: copyHeaders(answer.headers), body: bodyText(answer.body) };
}

function copyHeaders(headers: readonly HeaderLine[]): ReportedMessage['headers'] {
  return headers.map(([name, value]) => [name, value] as const);
}

const MAX_BODY_LENGTH = 4000;

function bodyText(body: Body): string | null {
  if (body.kind === 'none') return null;
  const reading = readText(body);
  const text =
    reading.kind === 'text' ? reading.text : `base64:${Buffer.from(bytesOf(body)).toString('base64')}`;
  return text.length <= MAX_BODY_LENGTH ? text : `${text.slice(0, MAX_BODY_LENGTH)}…`;
}

function bytesOf(body: Body): Uint8Array {
  return body.kind === 'bytes' ? body.bytes : new Uint8Array();
}
