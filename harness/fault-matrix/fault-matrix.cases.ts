import type { Code } from '../../core/index.ts';
import type { FaultName } from '../../fixtures/faults/index.ts';

/** Which layer must see a fault, under which codes. A layer that is not named stays silent. */
export interface Row {
  readonly contracts?: readonly Code[];
  readonly property?: readonly Code[];
  readonly load?: readonly Code[];
  /** True consequences that a layer may or may not meet: what was wrongly stored is read by somebody. */
  readonly also?: readonly Code[];
  /** Longer windows where the limiter is the fault: on a busy machine a burst takes its time. */
  readonly quota?: '20/2s' | '20/4s' | '20/8s';
  /** Where only the load layer can see anything, it runs alone; and what needs a long night, gets one. */
  readonly alone?: 'ci' | 'nightly';
}

const broken: Code = 'contract.interaction.failed';
const schema: Code = 'response.body.schema';
const lost: Code = 'response.connection.lost';
const fails: Code = 'response.status.server-error';
const undocumented: Code = 'response.status.undocumented';
const accepted: Code = 'request.invalid.accepted';
const rejected: Code = 'request.valid.rejected';
const unusable: Code = 'rate-limit.retry-after.unusable';
const untrue: Code = 'rate-limit.headers.inconsistent';
const low: Code = 'rate-limit.threshold.low';

const seenByAll = (code: Code): Row => ({ contracts: [broken, code], property: [code], load: [code] });
const seenByTwo = (...own: readonly Code[]): Row => ({ contracts: [broken, ...own], property: own });
const fuzzed = (...own: readonly Code[]): Row => ({ property: own });
const limited = (...own: readonly Code[]): Row => ({ load: own, quota: '20/4s', alone: 'ci' });
const nightly = (...own: readonly Code[]): Row => ({ load: own, quota: '20/2s', alone: 'nightly' });
/** A promise is told in whole seconds: on a busy machine little of a short window is left for it. */
const promising = (...own: readonly Code[]): Row => ({ load: own, quota: '20/8s', alone: 'ci' });
const waiting: Row = { contracts: [broken, unusable], load: [unusable], quota: '20/4s' };
/** Pact is content with any digits and any date. */
const waitingWell: Row = { contracts: [unusable], load: [unusable], quota: '20/4s' };
const twin: Row = {};
const limiterTwin: Row = { quota: '20/4s' };
/** How it counts is nothing to the other layers; and a bucket gives back before a contract asks for its 429. */
const familyTwin: Row = { quota: '20/4s', alone: 'ci' };

/** Every fault, and what becomes of it. */
export const rows = {
  'post-answers-201': seenByAll(undocumented),
  'post-answers-204': seenByAll(undocumented),
  'get-answers-empty': seenByAll(schema),
  'invalid-answers-422': {
    contracts: [broken, undocumented],
    property: [undocumented, 'request.invalid.wrong-4xx', 'request.id.wrong-status'],
  },
  'invalid-answers-500': seenByTwo(fails),
  // To this provider the client of another tenant is one that it does not know.
  'unknown-id-answers-200': { ...seenByTwo('request.id.accepted'), also: ['auth.accepted'] },
  // Another API version is an unknown path, too.
  'unknown-id-answers-500': { ...seenByTwo(fails), also: [fails] },
  'unauthorized-answers-403': seenByTwo('auth.wrong-status'),
  'forbidden-answers-401': seenByTwo('auth.wrong-status'),
  'unauthorized-answers-302': seenByTwo('auth.wrong-status', undocumented),
  'unknown-method-answers-200': fuzzed('request.method.accepted'),
  'answers-text-plain': seenByAll('response.content-type.undocumented'),
  'answers-cut-short': { contracts: [lost], property: [lost], load: [lost] },
  'drops-body': seenByAll(schema),
  'drops-timestamp': seenByAll(schema),
  'status-lower-case': seenByAll(schema),
  'type-number': seenByAll(schema),
  'timestamp-epoch': seenByAll(schema),
  'timestamp-without-zone': seenByAll(schema),
  'body-as-string': seenByAll(schema),
  'wrapped-in-data': seenByAll(schema),
  'error-with-stack-trace': { contracts: ['response.body.leak'], property: ['response.body.leak'] },
  // Conforms to the schemas, which require nothing: only a consumer misses it.
  'errors-say-nothing': { contracts: [broken] },
  'unauthorized-as-service-error': { contracts: [broken] },
  'wrong-for-failed': fuzzed(schema),
  'get-without-type': fuzzed(accepted),
  'get-any-type': seenByTwo(accepted),
  'post-without-body': fuzzed(accepted),
  'post-without-timestamp': fuzzed(accepted),
  'status-any-string': { ...seenByTwo(accepted), also: [schema] },
  'status-any-case': { ...fuzzed(accepted), also: [schema] },
  'type-any': { ...fuzzed(accepted), also: [schema] },
  'timestamp-any-string': { ...fuzzed(accepted), also: [schema] },
  'timestamp-date-only': { ...fuzzed(accepted), also: [schema] },
  'body-any': { ...fuzzed(accepted), also: [schema] },
  'root-any': fuzzed(accepted),
  'charset-skips-validation': { ...fuzzed('request.equivalent.differs'), also: [accepted, schema] },
  'malformed-json': fuzzed(accepted),
  'any-media-type': fuzzed('request.media.accepted'),
  'rejected-post-writes': fuzzed('state.rejected-write.applied'),
  'rejects-type-null': seenByTwo(rejected),
  'rejects-undefined-status': fuzzed(rejected),
  'rejects-iiq-harvester': seenByTwo(rejected),
  // The smoke test of the load layer reports with milliseconds and an empty body.
  'rejects-milliseconds': { property: [rejected], load: [rejected] },
  'rejects-offset': fuzzed(rejected),
  'rejects-extra-property': fuzzed(rejected),
  'rejects-empty-body': { property: [rejected], load: [rejected] },
  'crash-long-id': fuzzed(fails),
  'crash-page-long-id': { ...fuzzed(fails), also: ['response.content-type.undocumented'] },
  'hang-long-id': fuzzed(lost),
  'crash-quote-in-id': fuzzed(fails),
  'crash-non-ascii-id': fuzzed(fails),
  'crash-percent-encoding': fuzzed(fails),
  'crash-type-null': seenByTwo(fails),
  'crash-empty-body': fuzzed(fails),
  'crash-non-object-root': fuzzed(fails),
  'crash-extra-property': fuzzed(fails),
  'crash-failed-internal': fuzzed(fails),
  'post-not-persisted': fuzzed('state.history.lost'),
  'writes-to-another-id': { ...fuzzed('state.history.lost'), also: ['state.history.phantom'] },
  'failed-stored-as-error': fuzzed('state.echo.corrupted'),
  'timestamp-replaced': fuzzed('state.echo.corrupted'),
  'stale-reads': {
    property: ['state.history.lost'],
    also: ['state.history.stale', 'state.history.torn', 'state.read.unstable'],
  },
  'old-after-new': {
    property: ['state.history.stale'],
    also: ['state.history.lost', 'state.history.phantom', 'state.read.unstable'],
  },
  'torn-writes': { property: ['state.history.torn'] },
  'acknowledges-early': {
    property: ['state.history.lost'],
    also: ['state.history.stale', 'state.read.unstable'],
  },
  'numbers-as-doubles': fuzzed('state.echo.corrupted'),
  'texts-normalised': fuzzed('state.echo.corrupted'),
  'texts-cut': fuzzed('state.echo.corrupted'),
  'body-merged': fuzzed('state.echo.corrupted'),
  'repeat-conflicts': fuzzed(rejected),
  'get-has-side-effect': fuzzed('state.read.unstable'),
  'type-ignored': fuzzed('state.history.lost', 'state.history.phantom'),
  'null-members-lost': fuzzed('state.echo.corrupted'),
  'unknown-id-upserts': { ...seenByTwo('request.id.accepted'), also: ['auth.accepted'] },
  'unauthorized-without-challenge': {
    contracts: ['response.www-authenticate.missing'],
    property: ['response.www-authenticate.missing'],
  },
  'get-without-auth': seenByTwo('auth.accepted'),
  'any-bearer': seenByTwo('auth.accepted'),
  'expired-token': seenByTwo('auth.accepted'),
  'revoked-token': fuzzed('auth.accepted'),
  'other-tenant': fuzzed('auth.accepted'),
  'unsigned-token': fuzzed('auth.accepted'),
  'lower-case-scheme': fuzzed('auth.wrong-status'),
  'application-may-post': seenByTwo('auth.accepted'),
  'reader-may-post': fuzzed('auth.accepted'),
  'token-in-query': fuzzed('auth.accepted'),
  'sporadic-401': {
    property: ['auth.sporadic-401'],
    load: ['auth.sporadic-401'],
    // A token that a state gave cannot be renewed.
    also: ['auth.wrong-status', broken],
  },
  'limit-absent': { contracts: [broken], load: ['rate-limit.threshold.absent'], quota: '20/4s' },
  'limit-low': limited(low),
  // At the end of a short window a promise looks like that of a bucket.
  'limit-high': promising('rate-limit.threshold.high'),
  'window-long': limited(low),
  'several-nodes': limited(low),
  'retry-after-missing': waiting,
  'retry-after-negative': waiting,
  'retry-after-zero': waitingWell,
  'retry-after-text': waiting,
  'retry-after-fraction': waiting,
  'retry-after-milliseconds': { ...promising('rate-limit.retry-after.late'), also: [unusable] },
  'retry-after-repeated': waitingWell,
  'retry-after-past-date': waitingWell,
  'retry-after-empty': waiting,
  'retry-after-epoch': { ...promising('rate-limit.retry-after.late'), also: [unusable] },
  'retry-after-local-date': { ...promising('rate-limit.retry-after.late'), also: [unusable] },
  'retry-after-always-one': promising('rate-limit.retry-after.early'),
  'retry-after-early': promising('rate-limit.retry-after.early'),
  'retry-after-whole-window': promising('rate-limit.retry-after.late'),
  'retry-after-rounded': promising('rate-limit.retry-after.early'),
  'retry-after-late': promising('rate-limit.retry-after.late'),
  'limit-answers-html': {
    contracts: [broken, 'response.content-type.undocumented'],
    load: ['response.content-type.undocumented'],
  },
  'limit-without-message': {
    contracts: [broken, 'rate-limit.response.shape'],
    load: ['rate-limit.response.shape'],
  },
  'limit-without-date': {
    contracts: ['rate-limit.response.shape'],
    load: ['rate-limit.response.shape'],
  },
  'limit-cacheable': {
    contracts: ['rate-limit.response.shape'],
    load: ['rate-limit.response.shape'],
  },
  'limit-drops-connections': limited('rate-limit.threshold.absent', lost),
  'limit-answers-403': limited('rate-limit.threshold.absent'),
  'limit-delays': limited('load.latency'),
  'quota-headers-false-limit': limited(untrue),
  'quota-headers-stuck': limited(untrue),
  'quota-headers-late-reset': limited(untrue),
  'limit-answers-503': { load: ['rate-limit.threshold.absent', 'load.status.unexpected'], quota: '20/4s' },
  'limit-answers-200': {
    contracts: [broken, schema],
    load: ['rate-limit.threshold.absent', schema],
    quota: '20/4s',
  },
  'limit-per-token': limited('rate-limit.key.token'),
  'limit-per-operation': limited('rate-limit.key.operation'),
  'limit-per-managed-client': limited('rate-limit.key.managed-client'),
  'limit-per-spelling': limited('rate-limit.key.path'),
  'limit-trusts-forwarded-for': limited('rate-limit.key.forwarded-for'),
  // The burst itself may come by more than one.
  'limit-per-connection': {
    ...limited('rate-limit.key.connection'),
    also: ['rate-limit.threshold.high', 'rate-limit.threshold.absent'],
  },
  'limit-shared-by-versions': limited('rate-limit.key.version'),
  'limit-shared-by-clients': limited('rate-limit.key.client'),
  'limit-applies-refused': limited('rate-limit.rejected-write.applied'),
  'retry-after-doubles': promising('rate-limit.retry-after.late', 'rate-limit.retry-after.receding'),
  'window-short': nightly('rate-limit.threshold.high'),
  'window-end-open': nightly('rate-limit.threshold.high'),
  'limit-forgets-on-404': nightly('rate-limit.threshold.high'),
  'limit-races': nightly('rate-limit.threshold.high'),
  'limit-later-low': nightly(low),
  'limit-second-tier': nightly(low),
  'limit-counts-forged': nightly('rate-limit.key.forged-token'),
  'never-recovers': { load: ['rate-limit.recovery.absent', low] },
  'slow-for-failed': nightly('load.latency'),
  'slow-answers': { load: ['load.latency'] },
  // Where the burst is answered 500, there is no 429 in it.
  'fails-when-busy': { property: [fails], load: [fails], also: ['rate-limit.threshold.absent'] },
  'cuts-answers': { ...seenByAll(lost), contracts: [], also: [broken, lost] },
  'get-answers-410': {
    contracts: [broken, rejected, undocumented],
    property: [rejected, undocumented],
    load: [rejected, undocumented],
  },
  'get-redirects': {
    contracts: [broken, rejected, undocumented],
    property: [rejected, undocumented],
    load: [rejected, undocumented],
  },
  'timestamp-renamed': seenByAll(schema),
  'extra-property': twin,
  'reordered-keys': twin,
  'offset-instead-of-z': twin,
  'other-error-text': twin,
  'empty-messages': twin,
  'upper-case-headers': twin,
  'retry-after-date': limiterTwin,
  'window-charges-refusals': familyTwin,
  'window-by-the-clock': familyTwin,
  'sliding-log': familyTwin,
  'sliding-log-charges-refusals': familyTwin,
  'sliding-counter': familyTwin,
  'sliding-counter-charges-refusals': familyTwin,
  'token-bucket': familyTwin,
  'token-bucket-with-dates': familyTwin,
  'stepped-bucket': familyTwin,
  'quota-headers': limiterTwin,
  'quota-headers-traditional': limiterTwin,
  'volatile-member': twin,
  'slow-but-fine': twin,
} as const satisfies Record<FaultName, Row>;
