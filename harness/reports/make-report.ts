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
import { exitCodeOf, gatingFindings, layerVerdict, verdictOf } from '../run/verdict.ts';
import { DEFAULT_REPORTS, referenceClients, type RunSettings } from '../settings/run-settings.ts';
import { curlOf, principalOf, shellQuote } from './curl.ts';
import type { Report, ReportedFinding, ReportedLayer, ReportedMessage } from './report.ts';

export interface ReportInput {
  readonly settings: RunSettings;
  readonly collector: Collector;
  readonly url: string;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly version: string;
  readonly notes: readonly string[];
}

/** Makes the report of a run. Codes become texts only here. */
export function makeReport(input: ReportInput): Report {
  const { settings, collector, url, startedAt, durationMs, version, notes } = input;
  const findings = [...collector.findings.values()].toSorted(bySeverity);
  const isKnownToday = (id: string): boolean => isKnown(id, settings.baseline, startedAt);
  const gating = gatingFindings(findings, settings.failOn, isKnownToday);
  const tallies = [...collector.layers.values()];
  const exitCode = exitCodeOf(tallies, gating);
  const { [READ_AGE]: readAge, ...limiter } = collector.measured;
  return {
    schemaVersion: 2,
    tool: { name: 'managed-clients-harness', version },
    startedAt: startedAt.toISOString(),
    durationMs,
    target: { url, kind: settings.target.kind, fault: faultOf(settings) },
    profile: settings.profile,
    seed: settings.seed,
    failOn: settings.failOn,
    verdict: verdictOf(exitCode),
    exitCode,
    layers: tallies.map((tally) => reportLayer(tally, gating, settings)),
    notRun: settings.excluded.map((name) => ({
      name,
      reason: describeSkip('not-allowed', { permission: requiredPermissions[name] }),
    })),
    groups: reportGroups(collector, findings),
    findings: findings.map((found) => ({
      ...reportFinding(found, replayFlags(settings)),
      sent: collector.sent(found) ?? null,
      known: isKnownToday(found.finding.id),
    })),
    limiter,
    notes: [
      ...notes,
      ...(readAge === undefined ? [] : [`The oldest status that a read returned was ${readAge} ms old.`]),
      ...expiredNotes(settings, findings, startedAt),
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
  flags: string,
): Omit<ReportedFinding, 'known' | 'sent'> {
  const { id, code, severity, operation = null, details, exchange, mutation } = finding;
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
    exchange:
      exchange === undefined ? null : { request: requestOf(exchange), response: responseOf(exchange) },
    mutation:
      mutation === undefined
        ? null
        : { name: mutation.name, before: mutation.before ?? null, after: mutation.after ?? null },
    principal: (exchange && principalOf(exchange)) ?? null,
    curl: exchange === undefined ? null : curlOf(exchange),
    replay: `npm run -s mch -- replay ${id}${flags}`,
    replayData: replay ?? null,
  };
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
