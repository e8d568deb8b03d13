import { codes, operations, type Code, type OperationId } from '../../core/index.ts';
import { rows, type FaultRow } from '../fault-matrix/fault-matrix.cases.ts';
import { layerNames } from '../run/layer-names.ts';
import type { ReportedClause, ReportedFinding, ReportedGroup, ReportedTraffic } from './report.ts';

/** The parts of a report that show what a run exercised. */
interface RunEvidence {
  readonly traffic: readonly ReportedTraffic[];
  readonly groups: readonly ReportedGroup[];
}

/** The number of exchanges or checks that exercised a clause. */
type Exercised = (evidence: RunEvidence) => number;

/** A statement of the documentation, with the codes of the rules that test it. */
interface Clause {
  readonly name: string;
  readonly source: string;
  readonly codes: readonly Code[];
  /** Undefined for a statement about all operations. */
  readonly operation?: OperationId;
  readonly exercised: Exercised;
}

const inSuites =
  (...suites: readonly string[]): Exercised =>
  ({ groups }) =>
    evaluatedIn(groups.filter(({ name }) => suites.includes(name)));
const inContracts: Exercised = ({ groups }) =>
  evaluatedIn(groups.filter(({ consumer }) => consumer !== null));
const inResponses: Exercised = ({ traffic }) => exchangesIn(traffic.filter(({ status }) => status !== null));
const inResponse =
  (operation: OperationId, code: number): Exercised =>
  ({ traffic }) =>
    exchangesIn(traffic.filter((one) => one.operation === operation && one.status === code));

function evaluatedIn(groups: readonly ReportedGroup[]): number {
  return groups.reduce((sum, { evaluated }) => sum + evaluated, 0);
}

function exchangesIn(traffic: readonly ReportedTraffic[]): number {
  return traffic.reduce((sum, { count }) => sum + count, 0);
}

/** All codes that begin with a prefix. */
function codesBelow(prefix: string): Code[] {
  return (Object.keys(codes) as Code[]).filter((code) => code.startsWith(prefix));
}

const REFERENCE = 'API reference';
const RATE_LIMIT = 'SailPoint documentation, rate limits';

const codesOfStatus: Readonly<Record<number, readonly Code[]>> = {
  200: ['response.body.schema', 'response.content-type.undocumented', 'request.valid.rejected'],
  400: ['request.invalid.accepted', 'request.invalid.wrong-4xx', 'request.media.accepted'],
  401: ['auth.accepted', 'auth.wrong-status', 'response.www-authenticate.missing'],
  403: ['auth.accepted', 'auth.wrong-status'],
  404: ['request.id.accepted', 'request.id.wrong-status'],
  429: ['rate-limit.response.shape', 'rate-limit.retry-after.unusable'],
  500: ['response.status.server-error', 'contract.interaction.failed'],
};

const statusClauses = (Object.keys(operations) as OperationId[]).flatMap((operation) =>
  Object.entries(codesOfStatus).map(([status, own]): Clause => ({
    name: `${operation} returns ${status} as documented`,
    source: `${REFERENCE}, responses`,
    codes: own,
    operation,
    exercised: inResponse(operation, Number(status)),
  })),
);

const clauses: readonly Clause[] = [
  ...statusClauses,
  {
    name: 'a read returns what was reported',
    source: `${REFERENCE}, schemas`,
    codes: codesBelow('state.echo'),
    exercised: inSuites('stored-state'),
  },
  {
    name: 'concurrent reports are stored one after the other',
    source: `${REFERENCE}, operations`,
    codes: codesBelow('state.history'),
    exercised: inSuites('histories', 'sequences'),
  },
  {
    name: 'a rejected report changes nothing',
    source: `${REFERENCE}, 400`,
    codes: codesBelow('state.rejected-write'),
    exercised: inSuites('rejected-write', 'stored-state'),
  },
  {
    name: 'equivalent requests have the same result',
    source: 'RFC 9110',
    codes: codesBelow('request.equivalent'),
    exercised: inSuites('equivalent-requests'),
  },
  {
    name: 'a client is throttled above its quota',
    source: RATE_LIMIT,
    codes: ['rate-limit.threshold.absent', 'rate-limit.threshold.high'],
    exercised: inSuites('exceed-quota'),
  },
  {
    name: 'a client is not throttled below its quota',
    source: RATE_LIMIT,
    codes: ['rate-limit.threshold.low'],
    exercised: inSuites('below-quota'),
  },
  {
    name: 'each OAuth client and API version has one quota',
    source: RATE_LIMIT,
    codes: codesBelow('rate-limit.key'),
    exercised: inSuites('partition-keys'),
  },
  {
    name: 'Retry-After tells how long to wait',
    source: `${REFERENCE}, 429`,
    codes: [...codesBelow('rate-limit.retry-after'), 'rate-limit.recovery.absent'],
    exercised: inSuites('recovery'),
  },
  {
    name: 'a throttled report changes nothing',
    source: RATE_LIMIT,
    codes: codesBelow('rate-limit.rejected-write'),
    exercised: inSuites('recovery'),
  },
  {
    name: 'rate limit headers agree with the limiter',
    source: 'draft-ietf-httpapi-ratelimit-headers',
    codes: codesBelow('rate-limit.headers'),
    exercised: inSuites('exceed-quota'),
  },
  {
    name: 'responses contain no secrets and no internal details',
    source: 'CWE-209',
    codes: codesBelow('response.body.leak'),
    exercised: inResponses,
  },
  {
    name: 'consumers receive what they need',
    source: 'Pact',
    codes: codesBelow('contract.'),
    exercised: inContracts,
  },
];

/** The clauses of the contract: how often each was exercised, what was found, and which faults prove its rules. */
export function coverageOf(evidence: RunEvidence, findings: readonly ReportedFinding[]): ReportedClause[] {
  return clauses.map(({ name, source, codes: own, operation, exercised }) => ({
    name,
    source,
    codes: own,
    exercised: exercised(evidence),
    findings: findings
      .filter((one) => own.includes(one.code) && (operation === undefined || one.operation === operation))
      .map(({ id }) => id),
    faults: provingFaults(own).length,
  }));
}

/** The planted faults that at least one layer detects by one of the codes. */
function provingFaults(own: readonly Code[]): string[] {
  const isProving = (row: FaultRow): boolean =>
    layerNames.some((layer) => row[layer]?.some((code) => own.includes(code)));
  return Object.entries<FaultRow>(rows).flatMap(([name, row]) => (isProving(row) ? [name] : []));
}
