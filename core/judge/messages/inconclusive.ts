import type { InconclusiveReason } from '../check-result.ts';
import type { Details } from '../codes.ts';

const texts: Record<InconclusiveReason, (details: Details) => string> = {
  'environment.unauthorized': () => 'the token was rejected (401)',
  'environment.forbidden': () => 'the token does not permit this request (403)',
  'environment.unknown-client': () => 'the target does not know the managed client (404)',
  'environment.rate-limited': () => 'the rate limiter answered instead of the service (429)',
  'environment.gateway': ({ status }) => `a gateway answered instead of the service (${status})`,
  'environment.unreachable': ({ detail }) => `the target does not respond (${detail})`,
  'environment.intermediary': ({ kind, name, status }) =>
    kind === 'redirect'
      ? `a redirect to ${name} answered instead of the service (${status})`
      : `an HTML page ("${name}") answered instead of the service (${status})`,
  'engine.body-replaced': () => 'k6 replaced bytes of the body that are not UTF-8',
  'load.pacing': ({ why }) => `the load was not sent as planned (${why})`,
  'load.quota-shared': () =>
    'one burst was throttled too early and the next one was not: other traffic uses the same quota',
  'load.escalated': ({ seconds }) =>
    `the limiter escalated and asked to wait ${seconds} s, so no further requests were sent`,
  'run.aborted': ({ why }) => `not run: ${why}`,
  'state.unknown': ({ state, suggested, misspelt }) =>
    misspelt === undefined
      ? `the state ${JSON.stringify(state)} is unknown: map it in mch.config.json, such as "states": { ${JSON.stringify(state)}: ${JSON.stringify(suggested)} }`
      : `the state ${JSON.stringify(state)} is unknown: "states" in mch.config.json has ${JSON.stringify(misspelt)}`,
  'state.contradiction': ({ states }) =>
    `the states "${states}" need different managed clients, callers or set-ups`,
  'pact.malformed': () => 'is not an interaction of a pact',
  'pact.unreadable': ({ problem }) => `${problem}`,
  'broker.withheld': ({ why }) => `the result was not published: ${why}`,
  'broker.unpublished': ({ why }) => `the results were not published: ${why}`,
};

/** A reason for an inconclusive check as text. */
export function describeInconclusive(reason: InconclusiveReason, details: Details): string {
  return texts[reason](details);
}
