import {
  baseReport,
  buildRequest,
  intermediaryIn,
  isHtml,
  judge,
  outcomeOf,
  pageTitle,
  readableTypes,
  typeQuery,
  type Emit,
  type Exchange,
  type InconclusiveReason,
  type ReadableType,
} from '../../core/index.ts';
import {
  judgeSendResult,
  TokenRequestError,
  type RequestSpec,
  type Send,
  type SendResult,
} from '../../core/client/index.ts';
import { environment, HarnessError } from '../errors.ts';
import type { Session } from './session.ts';

export const PREFLIGHT = 'preflight';

/** A finding of the preflight is reproduced by the whole preflight. */
export interface PreflightReplay {
  readonly layer: typeof PREFLIGHT;
}

/** The types that the managed clients have reported. */
export interface ReportedTypes {
  readonly types: readonly ReadableType[];
  /** Empty without a second managed client. */
  readonly secondTypes: readonly ReadableType[];
}

/** For a plan, which sends nothing and therefore does not know the types. */
export const unknownTypes: ReportedTypes = { types: [], secondTypes: [] };

type PreflightEmit = Emit<PreflightReplay>;

/** The type of the base report. */
const REPORTED_TYPE: ReadableType = 'CCG';

/**
 * Checks that the target can be tested: reads each type, and reports a status if writes are permitted. Responses of the
 * service are judged.
 * @throws {HarnessError} of kind environment
 */
export async function preflight(session: Session, emit: PreflightEmit): Promise<ReportedTypes> {
  const { managedClient, secondManagedClient } = session.settings;
  const types = await readTypes(session, managedClient, emit);
  const secondTypes =
    secondManagedClient === undefined ? [] : await readTypes(session, secondManagedClient, emit);
  if (!session.permissions.allows('write')) return { types, secondTypes };
  await sendAndJudge(
    session,
    { name: 'reports a status', managedClient, spec: reportSpec(managedClient) },
    emit,
  );
  // A service that refuses this report refuses all, and the preflight ends the run.
  session.earlier.areOverwritten = true;
  return { types: types.includes(REPORTED_TYPE) ? types : [...types, REPORTED_TYPE], secondTypes };
}

/** The part of the preflight that writes nothing and reads only the managed client under test. */
export async function preflightReads(session: Session): Promise<ReportedTypes> {
  const types = await readTypes(session, session.settings.managedClient, () => undefined);
  return { types, secondTypes: [] };
}

/** Reads all types. The managed client must have reported at least one of them. */
async function readTypes(
  session: Session,
  managedClient: string,
  emit: PreflightEmit,
): Promise<ReadableType[]> {
  const found: ReadableType[] = [];
  let unknown: HarnessError | undefined;
  const ofWhom = managedClient === session.settings.managedClient ? '' : ' of the second managed client';
  for (const type of readableTypes) {
    const check = { name: `reads the status of type ${type}${ofWhom}`, managedClient };
    try {
      await sendAndJudge(session, { ...check, type, spec: readSpec(managedClient, type) }, emit);
      found.push(type);
    } catch (error) {
      if (!(error instanceof HarnessError) || error.code !== 'managed-client.unknown') throw error;
      unknown = error;
    }
  }
  if (found.length === 0 && unknown !== undefined) throw unknown;
  return found;
}

function readSpec(managedClient: string, type: ReadableType): RequestSpec {
  const operation = 'getManagedClientStatus';
  return {
    ...buildRequest(operation, { id: managedClient, query: typeQuery(type) }),
    authorization: { kind: 'token', of: 'user' },
    intent: { operation, expectation: 'accept' },
  };
}

function reportSpec(managedClient: string): RequestSpec {
  const operation = 'updateManagedClientStatus';
  return {
    ...buildRequest(operation, { id: managedClient }),
    body: { text: JSON.stringify(baseReport) },
    authorization: { kind: 'token', of: 'user' },
    intent: { operation, expectation: 'accept' },
  };
}

interface PreflightCheck {
  readonly name: string;
  readonly managedClient: string;
  /** The type that is read. */
  readonly type?: ReadableType;
  readonly spec: RequestSpec;
}

/** @throws {HarnessError} if the response is about the environment and not about the service */
async function sendAndJudge(session: Session, check: PreflightCheck, emit: PreflightEmit): Promise<void> {
  const { name, spec, managedClient, type } = check;
  const result = await send(session.send, spec);
  if (type !== undefined) session.earlier.add(managedClient, type, result.exchange);
  const error = environmentError(result.exchange, session.baseUrl, check);
  if (error !== undefined) throw error;
  const own = { layer: PREFLIGHT, name, suite: PREFLIGHT, replay: { layer: PREFLIGHT } } as const;
  emit(outcomeOf(own, judgeSendResult(spec, result), result.requests));
}

async function send(sender: Send, spec: RequestSpec): Promise<SendResult> {
  try {
    return await sender(spec);
  } catch (error) {
    if (!(error instanceof TokenRequestError)) throw error;
    throw environment('token.unavailable', { principal: error.principal, reason: error.reason }, error);
  }
}

type MakePreflightError = (facts: {
  readonly url: string;
  readonly operation: string;
  readonly managedClient: string;
  readonly status: number;
  readonly detail: string;
}) => HarnessError;

const environmentErrors: Partial<Record<InconclusiveReason, MakePreflightError>> = {
  'environment.unreachable': ({ url, detail }) => environment('target.unreachable', { url, detail }),
  'environment.gateway': ({ url, status }) => environment('target.gateway', { url, status }),
  'environment.rate-limited': ({ url }) => environment('target.rate-limited', { url }),
  'environment.unauthorized': ({ url }) => environment('token.rejected', { url }),
  'environment.forbidden': ({ url, operation }) => environment('token.forbidden', { url, operation }),
  'environment.unknown-client': ({ url, managedClient }) =>
    environment('managed-client.unknown', { url, managedClient }),
};

/** The error if a response is about the environment. An incomplete response is judged. */
function environmentError(
  exchange: Exchange,
  url: string,
  { managedClient, spec: { intent } }: PreflightCheck,
): HarnessError | undefined {
  const { answer } = exchange;
  if (answer.kind === 'response') {
    const { status } = answer;
    const intermediary = intermediaryIn(answer);
    if (intermediary?.kind === 'redirect') {
      return environment('target.redirect', { url, status, location: intermediary.name });
    }
    if (isHtml(answer)) return environment('target.html', { url, status, title: pageTitle(answer) });
  }
  if (answer.kind === 'failure' && answer.reason !== 'cut') {
    return environment('target.unreachable', { url, detail: answer.detail });
  }
  const { inconclusive } = judge(exchange, { ...intent, isManagedClientKnown: false });
  const facts = {
    url,
    operation: intent.operation ?? '',
    managedClient,
    status: answer.kind === 'response' ? answer.status : 0,
    detail: answer.kind === 'failure' ? answer.detail : '',
  };
  const errors = inconclusive.map(({ reason }) => environmentErrors[reason]?.(facts));
  return errors.find((error) => error !== undefined);
}
