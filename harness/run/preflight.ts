import {
  headerValue,
  judge,
  outcomeOf,
  parseMediaType,
  pathOf,
  readableTypes,
  type DoubtCode,
  type Exchange,
  type OperationId,
  type Outcome,
  type ReadableType,
} from '../../core/index.ts';
import { judgeSent, TokenRefusedError, type Send, type Sent, type Step } from '../../core/client/index.ts';
import { environment, type HarnessError } from '../errors.ts';
import type { Session } from './session.ts';

const LAYER = 'preflight';

/**
 * Is there anything to judge? Reads each type, one of which has to be there, and reports once where writes are allowed.
 * What says something of the service is judged like everything else; what says something of the surroundings ends the run.
 * @throws {HarnessError} of kind environment
 */
export async function* preflight(session: Session): AsyncGenerator<Outcome> {
  const { managedClient, secondManagedClient } = session.settings;
  yield* preflightReads(session);
  if (secondManagedClient !== undefined) yield* readTypes(session, secondManagedClient, session.secondTypes);
  if (!session.guard.allows('write')) return;
  const report = { body: {}, status: 'NORMAL', type: 'CCG', timestamp: '2020-01-01T00:00:00.000000Z' };
  const step: Step = {
    method: 'POST',
    path: pathOf('updateManagedClientStatus', managedClient),
    headers: [
      ['Accept', 'application/json'],
      ['Content-Type', 'application/json'],
    ],
    body: { text: JSON.stringify(report) },
    authorization: { kind: 'token', of: 'user' },
    asked: { operation: 'updateManagedClientStatus', expectation: 'accept' },
  };
  const sent = await sendOrExplain(session.send, step);
  const obstacle = obstacleIn(sent.exchange, session, 'updateManagedClientStatus', managedClient);
  if (obstacle !== undefined) throw obstacle;
  if (!session.types.includes('CCG')) session.types.push('CCG');
  yield judged('reports a status', step, sent);
}

/** The half that writes nothing, for the managed client of the run. @throws {HarnessError} of kind environment */
export function preflightReads(session: Session): AsyncGenerator<Outcome> {
  return readTypes(session, session.settings.managedClient, session.types);
}

/** Reads every type: a client need not have reported all of them, but one. What is there goes into `found`. */
async function* readTypes(session: Session, client: string, found: ReadableType[]): AsyncGenerator<Outcome> {
  let unknown: HarnessError | undefined;
  for (const type of readableTypes) {
    const step = readStep(client, type);
    const sent = await sendOrExplain(session.send, step);
    const obstacle = obstacleIn(sent.exchange, session, 'getManagedClientStatus', client);
    if (obstacle === undefined) {
      if (!found.includes(type)) found.push(type);
      const whose = client === session.settings.managedClient ? '' : ' of the second one';
      yield judged(`reads the status of type ${type}${whose}`, step, sent);
    } else if (obstacle.code === 'client.unknown') unknown = obstacle;
    else throw obstacle;
  }
  if (found.length === 0 && unknown !== undefined) throw unknown;
}

function readStep(client: string, type: string): Step {
  return {
    method: 'GET',
    path: `${pathOf('getManagedClientStatus', client)}?type=${type}`,
    headers: [['Accept', 'application/json']],
    authorization: { kind: 'token', of: 'user' },
    asked: { operation: 'getManagedClientStatus', expectation: 'accept' },
  };
}

function judged(what: string, step: Step, sent: Sent): Outcome {
  return outcomeOf({ layer: LAYER, what, group: LAYER, rerun: { layer: LAYER } }, judgeSent(step, sent));
}

async function sendOrExplain(send: Send, step: Step): Promise<Sent> {
  try {
    return await send(step);
  } catch (error) {
    if (error instanceof TokenRefusedError) {
      throw environment('token.refused', { principal: error.principal, reason: error.reason }, error);
    }
    throw error;
  }
}

type Obstacle = (facts: {
  url: string;
  operation: OperationId;
  client: string;
  status: number;
  detail: string;
}) => HarnessError;

const obstacles: Partial<Record<DoubtCode, Obstacle>> = {
  'environment.unreachable': ({ url, detail }) => environment('target.silent', { url, detail }),
  'environment.gateway': ({ url, status }) => environment('target.gateway', { url, status }),
  'environment.rate-limited': ({ url }) => environment('target.limited', { url }),
  'environment.unauthorized': ({ url }) => environment('token.rejected', { url }),
  'environment.forbidden': ({ url, operation }) => environment('token.forbidden', { url, operation }),
  'environment.unknown-client': ({ url, client }) => environment('client.unknown', { url, client }),
};

/** What an answer says of the surroundings, undefined where it says something of the service. */
function obstacleIn(
  exchange: Exchange,
  { baseUrl: url }: Session,
  operation: OperationId,
  client: string,
): HarnessError | undefined {
  const { answer } = exchange;
  if (answer.kind === 'response' && isPage(answer)) return environment('target.html', { url });
  // An answer that was cut is one, and judged; no answer at all says nothing of the service.
  if (answer.kind === 'failure' && answer.reason !== 'cut')
    return environment('target.silent', { url, detail: answer.detail });
  const { doubts } = judge(exchange, { operation, expectation: 'accept', clientKnown: false });
  const facts = {
    url,
    operation,
    client,
    status: answer.kind === 'response' ? answer.status : 0,
    detail: answer.kind === 'failure' ? answer.detail : '',
  };
  return doubts.map(({ code }) => obstacles[code]?.(facts)).find((found) => found !== undefined);
}

function isPage({ headers }: Exchange['answer'] & { kind: 'response' }): boolean {
  return parseMediaType(headerValue(headers, 'content-type') ?? '')?.essence === 'text/html';
}
