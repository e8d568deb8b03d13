import {
  codes,
  describe,
  describeDoubt,
  describeNotice,
  describeObstacle,
  documentedQuota,
  formatQuota,
  severities,
  readText,
  type Body,
  type Details,
  type Exchange,
  type HeaderLine,
  type PrincipalName,
} from '../../core/index.ts';
import type { Collected, Collector, LayerTally } from '../run/collector.ts';
import { needs } from '../run/layer-names.ts';
import { isKnown } from '../history/baseline.ts';
import { DEFAULT_REPORTS, type RunSettings } from '../settings/run-settings.ts';
import { exitCodeOf, gating, layerVerdict, verdictOf } from '../run/verdict.ts';
import { curlOf } from './curl.ts';
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

/** Makes the report of what was collected. Words are chosen here, at the very end. */
export function makeReport(input: ReportInput): Report {
  const { settings, collector, url, startedAt, durationMs, version, notes } = input;
  const collected = [...collector.findings.values()].toSorted(bySeverity);
  const known = (id: string): boolean => isKnown(id, settings.baseline, startedAt);
  const failing = gating(collected, settings.failOn, known);
  const tallies = [...collector.layers.values()];
  const exitCode = exitCodeOf(tallies, failing);
  return {
    schemaVersion: 1,
    tool: { name: 'managed-clients-harness', version },
    startedAt: startedAt.toISOString(),
    durationMs,
    target: { url, kind: settings.target.kind, fault: faultOf(settings) },
    profile: settings.profile,
    seed: settings.seed,
    failOn: settings.failOn,
    verdict: verdictOf(exitCode),
    exitCode,
    layers: tallies.map((tally) => reportLayer(tally, failing, settings)),
    notRun: settings.excluded.map((what) => ({
      what,
      group: what,
      reason: describeObstacle('not-allowed', { permission: needs[what] }),
    })),
    groups: reportGroups(collector, collected),
    findings: collected.map((one) => ({
      ...reportFinding(one, replayFlags(settings)),
      sent: collector.sent(one) ?? null,
      known: known(one.finding.id),
    })),
    limiter: collector.measured,
    notes: [
      ...notes,
      ...collector.notices.map(describeNotice),
      ...expiredNotes(settings, collected, startedAt),
    ],
  };
}

/** A known finding that gates again has to say why. */
function expiredNotes(
  { baseline }: RunSettings,
  collected: readonly Collected[],
  today: Date,
): readonly string[] {
  return collected.flatMap(({ finding: { id } }) => {
    const expires = baseline.get(id)?.expires;
    return expires === undefined || isKnown(id, baseline, today)
      ? []
      : [`${id} was known until ${expires}: it gates again.`];
  });
}

function faultOf({ target }: RunSettings): string | null {
  return target.kind === 'reference' ? (target.fault ?? null) : null;
}

/** What a replay needs to know of the run and would not know by default; the target may come from the environment. */
function replayFlags(settings: RunSettings): string {
  const { target, quota, reports, allow, profile } = settings;
  const fault = faultOf(settings);
  return [
    target.kind === 'reference' ? '' : ` --target ${target.url} --managed-client ${settings.managedClient}`,
    target.kind === 'reference' || settings.secondManagedClient === undefined
      ? ''
      : ` --second-managed-client ${settings.secondManagedClient}`,
    target.kind === 'reference' || target.stateUrl === undefined ? '' : ` --state-url ${target.stateUrl}`,
    target.kind === 'remote' && allow.length > 1 ? ` --allow ${allow.join(',')}` : '',
    fault === null ? '' : ` --fault ${fault}`,
    formatQuota(quota) === formatQuota(documentedQuota) ? '' : ` --quota ${formatQuota(quota)}`,
    // What only a long night asks is not asked otherwise.
    profile === 'nightly' ? ' --profile nightly' : '',
    reports === DEFAULT_REPORTS ? '' : ` --reports ${reports}`,
  ].join('');
}

function bySeverity(a: Collected, b: Collected): number {
  return severities.indexOf(a.finding.severity) - severities.indexOf(b.finding.severity);
}

function reportLayer(tally: LayerTally, failing: readonly Collected[], settings: RunSettings): ReportedLayer {
  const { name, attempted, evaluated, requests, durationMs, stopped = null } = tally;
  return {
    name,
    verdict: layerVerdict(tally, failing),
    attempted,
    evaluated,
    requests,
    durationMs,
    stopped,
    notVerifiable: tally.notVerifiable.map(({ what, group, code, details }) => ({
      what,
      group,
      reason:
        describeObstacle(code, details as Readonly<Record<string, string>>) + emptyNote(details, settings),
    })),
    inconclusive: tally.inconclusive.map(({ what, group, code, details }) => ({
      what,
      group,
      reason: describeDoubt(code, details),
    })),
  };
}

/** A principal may be missing because its variable is set but empty: a pipeline that lacks a secret. */
function emptyNote({ principal }: Details, { target }: RunSettings): string {
  const variables = target.kind === 'reference' ? {} : target.emptyVariables;
  const empty = variables[principal as PrincipalName];
  return empty === undefined ? '' : ` (${empty} is set but empty)`;
}

function reportGroups(collector: Collector, collected: readonly Collected[]): Report['groups'] {
  return [...collector.groups].map(([key, { layer, group, attempted, evaluated }]) => ({
    layer,
    name: group,
    attempted,
    evaluated,
    findings: collected.filter(({ groups }) => groups.has(key)).map(({ finding }) => finding.id),
  }));
}

function reportFinding(
  { finding, layer, seenBy, rerun, count }: Collected,
  flags: string,
): Omit<ReportedFinding, 'known' | 'sent'> {
  const { id, code, severity, operation, details, exchange, cell } = finding;
  const { title, received, documented } = describe(code, details);
  return {
    id,
    code,
    severity,
    layer,
    seenBy,
    operation: operation ?? null,
    title,
    count,
    received,
    documented,
    source: codes[code].source,
    details,
    exchange:
      exchange === undefined ? null : { request: requestOf(exchange), response: responseOf(exchange) },
    cell: cell === undefined ? null : { id: cell.id, was: cell.was ?? null, sent: cell.sent ?? null },
    curl: exchange === undefined ? null : curlOf(exchange),
    replay: `npm run -s mch -- replay ${id}${flags}`,
    rerun: rerun ?? null,
  };
}

function requestOf({ request }: Exchange): ReportedMessage {
  return {
    line: `${request.method} ${request.url}`,
    headers: pairs(request.headers),
    body: textOf(request.body),
  };
}

function responseOf({ answer }: Exchange): ReportedMessage {
  if (answer.kind === 'failure')
    return { line: `${answer.reason}: ${answer.detail}`, headers: [], body: null };
  return { line: String(answer.status), headers: pairs(answer.headers), body: textOf(answer.body) };
}

function pairs(headers: readonly HeaderLine[]): ReportedMessage['headers'] {
  return headers.map(([name, value]) => [name, value] as const);
}

const LONGEST = 4000;

function textOf(body: Body): string | null {
  if (body.kind === 'none') return null;
  const reading = readText(body);
  const text =
    reading.kind === 'text' ? reading.text : `base64:${Buffer.from(bytesOf(body)).toString('base64')}`;
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}

function bytesOf(body: Body): Uint8Array {
  return body.kind === 'bytes' ? body.bytes : new Uint8Array();
}
