import type { Code } from '../../core/index.ts';
import type { FaultName } from '../../fixtures/faults/index.ts';
import type { LayerName } from '../run/layer-names.ts';

/** The codes that each layer must find. A layer without codes must find nothing. */
export interface FaultRow {
  readonly contracts?: readonly Code[];
  readonly property?: readonly Code[];
  readonly load?: readonly Code[];
  /** Consequences that a layer may find as well, such as a read of a wrongly stored value. */
  readonly also?: readonly Code[];
  /** Longer windows for faults of the limiter, because a burst takes longer on a busy machine. */
  readonly quota?: '20/2s' | '20/4s' | '20/8s';
  /** Layers that cannot have a verdict, because something else answers some requests. */
  readonly inconclusive?: readonly LayerName[];
  /** The preflight ends the run with this explanation. */
  readonly endsRun?: string;
  /** The other layers send no request that differs from those of similar faults. */
  readonly only?: 'property';
  /** Only the load layer runs, with this profile. */
  readonly alone?: 'ci' | 'nightly';
}

const broken: Code = 'contract.interaction.failed';
const schema: Code = 'response.body.schema';
const lost: Code = 'response.connection.lost';
const serverError: Code = 'response.status.server-error';
const undocumented: Code = 'response.status.undocumented';
const accepted: Code = 'request.invalid.accepted';
const rejected: Code = 'request.valid.rejected';
const unusable: Code = 'rate-limit.retry-after.unusable';
const inconsistent: Code = 'rate-limit.headers.inconsistent';
const low: Code = 'rate-limit.threshold.low';

const inAllLayers = (code: Code): FaultRow => ({ contracts: [broken, code], property: [code], load: [code] });
const inTwoLayers = (...own: readonly Code[]): FaultRow => ({ contracts: [broken, ...own], property: own });
const bothJudged = (...own: readonly Code[]): FaultRow => ({ contracts: own, property: own });
const inProperty = (...own: readonly Code[]): FaultRow => ({ property: own });
/** A value that only mutations and stored reports contain. */
const inPropertyOnly = (...own: readonly Code[]): FaultRow => ({ property: own, only: 'property' });
const inLoad = (...own: readonly Code[]): FaultRow => ({ load: own, quota: '20/4s', alone: 'ci' });
const inNightlyLoad = (...own: readonly Code[]): FaultRow => ({
  load: own,
  quota: '20/2s',
  alone: 'nightly',
});
/** Retry-After has whole seconds, so a burst on a busy machine must leave enough of the window. */
const inLoadWithLongWindow = (...own: readonly Code[]): FaultRow => ({
  load: own,
  quota: '20/8s',
  alone: 'ci',
});
const unusableRetryAfter: FaultRow = { contracts: [broken, unusable], load: [unusable], quota: '20/4s' };
/** The contracts accept any digits and any date. */
const unusableByJudge: FaultRow = { contracts: [unusable], load: [unusable], quota: '20/4s' };
const benign: FaultRow = {};
const benignLimiter: FaultRow = { quota: '20/4s' };
/** Only the load layer runs: one bucket shows that contracts wait for a 429 of a refilling limiter. */
const benignFamily: FaultRow = { quota: '20/4s', alone: 'ci' };

/** All faults and benign variants. */
export const rows = {
  'post-answers-201': inAllLayers(undocumented),
  'post-answers-204': inAllLayers(undocumented),
  'get-answers-empty': inAllLayers(schema),
  'invalid-answers-422': {
    contracts: [broken, undocumented],
    property: [undocumented, 'request.invalid.wrong-4xx', 'request.id.wrong-status'],
  },
  'invalid-answers-500': inTwoLayers(serverError),
  // For this provider, a managed client of another tenant is an unknown one.
  'unknown-id-answers-200': { ...inTwoLayers('request.id.accepted'), also: ['auth.accepted'] },
  // Another API version is an unknown path as well.
  'unknown-id-answers-500': { ...inTwoLayers(serverError), also: [serverError] },
  'unauthorized-answers-403': inTwoLayers('auth.wrong-status'),
  'forbidden-answers-401': inTwoLayers('auth.wrong-status'),
  'unauthorized-answers-302': inTwoLayers('auth.wrong-status', undocumented),
  'unknown-method-answers-200': inProperty('request.method.accepted'),
  'answers-text-plain': inAllLayers('response.content-type.undocumented'),
  'content-type-repeated': bothJudged('response.header.repeated'),
  'filter-answers-page': { inconclusive: ['property'], only: 'property' },
  'answers-cut-short': { contracts: [lost], property: [lost], load: [lost] },
  'drops-body': inAllLayers(schema),
  'drops-timestamp': inAllLayers(schema),
  'status-lower-case': inAllLayers(schema),
  'type-number': inAllLayers(schema),
  'timestamp-epoch': inAllLayers(schema),
  'timestamp-without-zone': inAllLayers(schema),
  'body-as-string': inAllLayers(schema),
  'wrapped-in-data': inAllLayers(schema),
  'member-repeated': bothJudged('response.body.repeated-member'),
  'member-repeated-in-body': {
    property: ['response.body.repeated-member'],
    contracts: ['response.body.repeated-member'],
  },
  'begins-with-a-mark': inTwoLayers(schema),
  'error-with-stack-trace': { contracts: ['response.body.leak'], property: ['response.body.leak'] },
  'error-repeats-token': inPropertyOnly('response.body.leak'),
  'error-repeats-half-of-token': inPropertyOnly('response.body.leak'),
  'error-repeats-token-in-base64': inPropertyOnly('response.body.leak'),
  // The schemas require no member of errors, but consumers do.
  'errors-say-nothing': { contracts: [broken] },
  'unauthorized-as-service-error': { contracts: [broken] },
  'wrong-for-failed': inProperty(schema),
  'get-without-type': inProperty(accepted),
  'get-any-type': inTwoLayers(accepted),
  'post-without-body': inProperty(accepted),
  'post-without-timestamp': inProperty(accepted),
  'status-any-string': { ...inTwoLayers(accepted), also: [schema] },
  'status-any-case': { ...inProperty(accepted), also: [schema] },
  'type-any': { ...inProperty(accepted), also: [schema] },
  'timestamp-any-string': { ...inProperty(accepted), also: [schema] },
  'timestamp-date-only': { ...inProperty(accepted), also: [schema] },
  'body-any': { ...inProperty(accepted), also: [schema] },
  'root-any': inProperty(accepted),
  'charset-skips-validation': { ...inProperty('request.equivalent.differs'), also: [accepted, schema] },
  'malformed-json': inProperty(accepted),
  'any-media-type': inProperty('request.media.accepted'),
  'rejected-post-writes': inProperty('state.rejected-write.applied'),
  'timestamp-hour-24': { ...inPropertyOnly(accepted), also: [schema] },
  'timestamp-feb-29-1900': { ...inPropertyOnly(accepted), also: [schema] },
  'timestamp-trimmed': { ...inPropertyOnly(accepted), also: [schema] },
  'timestamp-epoch-text': { ...inPropertyOnly(accepted), also: [schema] },
  'timestamp-zone-in-brackets': { ...inPropertyOnly(accepted), also: [schema] },
  'timestamp-short-numbers': { ...inPropertyOnly(accepted), also: [schema] },
  'query-ordinal': { ...inPropertyOnly(accepted), also: [schema] },
  'query-list': { ...inPropertyOnly(accepted), also: [schema] },
  'query-trimmed': { ...inPropertyOnly(accepted), also: [schema] },
  'query-title-case': { ...inPropertyOnly(accepted), also: [schema] },
  'status-ordinal-text': { ...inPropertyOnly(accepted), also: [schema] },
  'status-without-blanks': { ...inPropertyOnly(accepted), also: [schema] },
  'status-quoted': { ...inPropertyOnly(accepted), also: [schema] },
  'member-names-folded': { ...inPropertyOnly(accepted), also: [schema] },
  'rejects-type-null': inTwoLayers(rejected),
  'rejects-undefined-status': inProperty(rejected),
  'rejects-iiq-harvester': inTwoLayers(rejected),
  // The smoke test of the load layer reports with milliseconds and an empty body.
  'rejects-milliseconds': { property: [rejected], load: [rejected] },
  'rejects-offset': inProperty(rejected),
  'rejects-extra-property': inProperty(rejected),
  'rejects-empty-body': { property: [rejected], load: [rejected] },
  'crash-long-id': inProperty(serverError),
  'crash-page-long-id': { ...inProperty(serverError), also: ['response.content-type.undocumented'] },
  'hang-long-id': inProperty(lost),
  'crash-quote-in-id': inProperty(serverError),
  'crash-non-ascii-id': inProperty(serverError),
  'crash-percent-encoding': inProperty(serverError),
  'crash-type-null': inTwoLayers(serverError),
  'crash-empty-body': inProperty(serverError),
  'crash-non-object-root': inProperty(serverError),
  'crash-extra-property': inProperty(serverError),
  'crash-failed-internal': inProperty(serverError),
  'post-not-persisted': inProperty('state.history.lost'),
  'writes-to-another-id': { ...inProperty('state.history.lost'), also: ['state.history.phantom'] },
  'failed-stored-as-error': inProperty('state.echo.corrupted'),
  'timestamp-replaced': inProperty('state.echo.corrupted'),
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
  'numbers-as-doubles': inProperty('state.echo.corrupted'),
  'texts-normalised': inProperty('state.echo.corrupted'),
  'texts-cut': inProperty('state.echo.corrupted'),
  'body-merged': inProperty('state.echo.corrupted'),
  'repeat-conflicts': inProperty(rejected),
  'get-has-side-effect': inProperty('state.read.unstable'),
  'type-ignored': inProperty('state.history.lost', 'state.history.phantom'),
  'null-members-lost': inProperty('state.echo.corrupted'),
  'unknown-id-upserts': { ...inTwoLayers('request.id.accepted'), also: ['auth.accepted'] },
  'timestamp-cut-to-seconds': inPropertyOnly('state.echo.corrupted'),
  'timestamp-cut-to-milliseconds': inPropertyOnly('state.echo.corrupted'),
  'timestamp-cut-to-microseconds': inPropertyOnly('state.echo.corrupted'),
  'timestamp-offset-dropped': inPropertyOnly('state.echo.corrupted'),
  'timestamp-offset-minutes-ignored': inPropertyOnly('state.echo.corrupted'),
  'timestamp-32-bit': inPropertyOnly('state.echo.corrupted'),
  'timestamp-before-1970': inPropertyOnly('state.echo.corrupted'),
  'texts-as-numbers': inPropertyOnly('state.echo.corrupted'),
  'texts-as-booleans': inPropertyOnly('state.echo.corrupted'),
  'empty-texts-null': inPropertyOnly('state.echo.corrupted'),
  'deep-values-cut': inPropertyOnly('state.echo.corrupted'),
  'texts-unescaped': inPropertyOnly('state.echo.corrupted'),
  'unauthorized-without-challenge': {
    contracts: ['response.www-authenticate.missing'],
    property: ['response.www-authenticate.missing'],
  },
  'get-without-auth': inTwoLayers('auth.accepted'),
  'any-bearer': inTwoLayers('auth.accepted'),
  'expired-token': inTwoLayers('auth.accepted'),
  'revoked-token': inProperty('auth.accepted'),
  'other-tenant': inProperty('auth.accepted'),
  'unsigned-token': inProperty('auth.accepted'),
  'lower-case-scheme': inProperty('auth.wrong-status'),
  'application-may-post': inTwoLayers('auth.accepted'),
  'reader-may-post': inProperty('auth.accepted'),
  'token-in-query': inProperty('auth.accepted'),
  'sporadic-401': {
    property: ['auth.sporadic-401'],
    load: ['auth.sporadic-401'],
    // The token of a provider state cannot be renewed.
    also: ['auth.wrong-status', broken],
  },
  'limit-absent': { contracts: [broken], load: ['rate-limit.threshold.absent'], quota: '20/4s' },
  'limit-low': inLoad(low),
  // At the end of a short window Retry-After looks like that of a bucket.
  'limit-high': inLoadWithLongWindow('rate-limit.threshold.high'),
  'window-long': inLoad(low),
  'several-nodes': inLoad(low),
  'retry-after-missing': unusableRetryAfter,
  'retry-after-negative': unusableRetryAfter,
  'retry-after-zero': unusableByJudge,
  'retry-after-text': unusableRetryAfter,
  'retry-after-fraction': unusableRetryAfter,
  'retry-after-milliseconds': { ...inLoadWithLongWindow('rate-limit.retry-after.late'), also: [unusable] },
  'retry-after-repeated': unusableByJudge,
  'retry-after-past-date': unusableByJudge,
  'retry-after-empty': unusableRetryAfter,
  'retry-after-epoch': { ...inLoadWithLongWindow('rate-limit.retry-after.late'), also: [unusable] },
  'retry-after-local-date': { ...inLoadWithLongWindow('rate-limit.retry-after.late'), also: [unusable] },
  'retry-after-always-one': inLoadWithLongWindow('rate-limit.retry-after.early'),
  'retry-after-early': inLoadWithLongWindow('rate-limit.retry-after.early'),
  'retry-after-whole-window': inLoadWithLongWindow('rate-limit.retry-after.late'),
  'retry-after-rounded': inLoadWithLongWindow('rate-limit.retry-after.early'),
  'retry-after-late': inLoadWithLongWindow('rate-limit.retry-after.late'),
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
  'limit-drops-connections': inLoad('rate-limit.threshold.absent', lost),
  'limit-answers-403': inLoad('rate-limit.threshold.absent'),
  'limit-delays': inLoad('load.latency'),
  'quota-headers-false-limit': inLoad(inconsistent),
  'quota-headers-stuck': inLoad(inconsistent),
  'quota-headers-late-reset': inLoad(inconsistent),
  'limit-answers-503': { load: ['rate-limit.threshold.absent', 'load.status.unexpected'], quota: '20/4s' },
  'limit-answers-200': {
    contracts: [broken, schema],
    load: ['rate-limit.threshold.absent', schema],
    quota: '20/4s',
  },
  'limit-per-token': inLoad('rate-limit.key.token'),
  'limit-per-operation': inLoad('rate-limit.key.operation'),
  'limit-per-managed-client': inLoad('rate-limit.key.managed-client'),
  'limit-per-spelling': inLoad('rate-limit.key.path'),
  'limit-trusts-forwarded-for': inLoad('rate-limit.key.forwarded-for'),
  // The burst may use several connections.
  'limit-per-connection': {
    ...inLoad('rate-limit.key.connection'),
    also: ['rate-limit.threshold.high', 'rate-limit.threshold.absent'],
  },
  'limit-shared-by-versions': inLoad('rate-limit.key.version'),
  'limit-shared-by-clients': inLoad('rate-limit.key.client'),
  'limit-applies-refused': inLoad('rate-limit.rejected-write.applied'),
  'retry-after-doubles': inLoadWithLongWindow(
    'rate-limit.retry-after.late',
    'rate-limit.retry-after.receding',
  ),
  'window-short': inNightlyLoad('rate-limit.threshold.high'),
  // The bursts around the end of a window need a longer one on a busy machine.
  'window-end-open': { ...inNightlyLoad('rate-limit.threshold.high'), quota: '20/4s' },
  'limit-forgets-on-404': inNightlyLoad('rate-limit.threshold.high'),
  'limit-races': inNightlyLoad('rate-limit.threshold.high'),
  'limit-later-low': inNightlyLoad(low),
  'limit-second-tier': inNightlyLoad(low),
  'limit-counts-forged': inNightlyLoad('rate-limit.key.forged-token'),
  'never-recovers': { load: ['rate-limit.recovery.absent', low] },
  'slow-for-failed': inNightlyLoad('load.latency'),
  'slow-answers': { load: ['load.latency'] },
  // If the burst is answered 500, there is no 429.
  // The verifier may be fast enough to provoke it.
  'fails-when-busy': {
    property: [serverError],
    load: [serverError],
    also: ['rate-limit.threshold.absent', serverError, broken],
  },
  'cuts-answers': { ...inAllLayers(lost), contracts: [], also: [broken, lost] },
  'get-answers-410': {
    contracts: [broken, rejected, undocumented],
    property: [rejected, undocumented],
    load: [rejected, undocumented],
  },
  // The preflight ends the run and names the redirect.
  'get-redirects': { endsRun: 'redirects to /elsewhere' },
  'timestamp-renamed': inAllLayers(schema),
  'extra-property': benign,
  'charset-utf8': benign,
  'stores-in-utc': benign,
  'reordered-keys': benign,
  'offset-instead-of-z': benign,
  'other-error-text': benign,
  'empty-messages': benign,
  'upper-case-headers': benign,
  'retry-after-date': benignLimiter,
  'limit-before-routing': benignFamily,
  'window-charges-refusals': benignFamily,
  'window-by-the-clock': benignFamily,
  'sliding-log': benignFamily,
  'sliding-log-charges-refusals': benignFamily,
  'sliding-counter': benignFamily,
  'sliding-counter-charges-refusals': benignFamily,
  'token-bucket': benignFamily,
  'token-bucket-with-dates': benignFamily,
  'stepped-bucket': benignLimiter,
  'quota-headers': benignLimiter,
  'quota-headers-traditional': benignLimiter,
  'volatile-member': benign,
  'slow-but-fine': benign,
} as const satisfies Record<FaultName, FaultRow>;
