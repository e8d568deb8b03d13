import type { UnreachableStateReason } from '../../api/states.ts';

const unreachableTexts: Record<UnreachableStateReason, string> = {
  'type-not-reported': 'the managed client never reported this type',
  'cannot-force-500': 'a deployed service cannot be made to fail',
  'cannot-make-clusters': 'the API cannot create clusters and their jobs',
  'cannot-revoke': 'the API cannot revoke a token',
  'no-other-tenant': 'the managed clients of other tenants are unknown',
  'no-scopeless-principal': 'no principal lacks the scope to read',
};

type SkipDetails = Readonly<Record<string, string>>;

/** The reasons to skip a check, each as the text that follows the name of the check. */
const texts = {
  'no-principal': ({ principal }) => `needs the ${principal} principal`,
  'not-allowed': ({ permission }) => `needs --allow ${permission}`,
  'unreachable-state': ({ reason }) =>
    `cannot be set up on this target: ${unreachableTexts[reason as UnreachableStateReason]}`,
  'no-state-endpoint': ({ state }) => `needs a state endpoint for "${state}"`,
  'results-withheld': ({ why }) => `results apply to whole pacts, and ${why}`,
  'other-provider': ({ provider }) => `is about the provider ${provider}: see --provider-name`,
  'no-operation': ({ method, path }) => `the API has no ${method} ${path}`,
  message: () => 'is a message, not an HTTP interaction',
  plugin: ({ plugin }) => `needs the plugin ${plugin}, and plugins are never loaded`,
  'not-a-pact': ({ problem }) => `${problem}`,
  filtered: () => 'is not selected by the filters',
  'other-managed-client': ({ id }) =>
    `has no state and would write to the managed client "${id}", which is not that of the run`,
  'budget-spent': ({ why }) => `omitted: ${why}`,
  'ready-token': () => 'needs client credentials, because a ready token cannot be renewed',
  'no-second-client': () => 'needs --second-managed-client',
  'would-escalate': ({ violations }) =>
    `violates the quota in ${violations} windows, after which a limiter may block for longer`,
  'eventually-consistent': () => 'needs a service with strong consistency',
  'nothing-throttled': () => 'needs a write that was answered 429, and there was none',
  'ambiguous-counts': () => 'the burst counts match no hypothesis',
  'no-429': () => 'needs an exhausted quota, and there was no 429',
  'quota-not-exhausted': ({ requests, seconds }) =>
    `needs an exhausted quota, and ${requests} requests in ${seconds} s were not throttled`,
  'recovered-early': () => 'the quota recovered before the result was clear',
  'not-routed': () => 'the target answers these requests with another status',
  'connections-reused': () => 'needs new connections, and k6 reused the existing ones',
  'mixed-responses': () => 'some requests were allowed and others throttled, without a pattern',
  'no-quota-headers': () => 'the target sends no rate limit headers',
  'quota-headers-unreadable': () => 'the rate limit headers are unreadable or describe another quota',
  'refills-during-burst': () => 'the bucket refills as fast as the requests arrive',
} as const satisfies Record<string, (details: SkipDetails) => string>;

/** Why a check is not possible on a target. */
export type SkipReason = keyof typeof texts;

/** A reason to skip a check as text. */
export function describeSkip(reason: SkipReason, details: SkipDetails): string {
  return texts[reason](details);
}
