import {
  ageOfReads,
  judgementOf,
  outcomeOf,
  relations,
  signatureOf,
  type Code,
  type DoubtCode,
  type Exchange,
  type Finding,
  type Judged,
  type Outcome,
  type RelationName,
} from '../../core/index.ts';
import { judgeSent, type Send, type Sent, type Step } from '../../core/client/index.ts';
import { isCellOfPhaseA } from '../suites/single-mutations.ts';
import type { Probe } from './test-case.ts';

export const LAYER = 'property';

/** So long a service that agrees in the end may take to. */
const PATIENCE_MS = 5000;
const PAUSE_MS = 250;

/** What it takes to send a probe. */
export interface Sending {
  readonly send: Send;
  /** Waits so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

/**
 * Sends the steps of a probe in order, and hands every exchange and what lies between them to the judge. Where sending
 * ends early, what was found until then is not lost.
 */
export async function runProbe(probe: Probe, { send, pause }: Sending): Promise<Outcome> {
  const results: SentStep[] = [];
  try {
    await sendSteps(probe, send, results);
    await settle(probe, { send, pause }, results);
  } catch (error) {
    const found = judgedOf(results);
    if (found.every(({ judgement }) => judgement.violations.length === 0)) throw error;
    return outcomeOf(attemptOf(probe), found);
  }
  const judged = judgedOf(results);
  const exchanges = exchangesOf(results);
  // A broken exchange explains a broken relation: one bug, one report.
  const all = judged.some((one) => explains(one, probe)) ? judged : [...judged, ...between(probe, exchanges)];
  const outcome = outcomeOf(attemptOf(probe), all, requestsOf(results));
  return outcome.kind === 'evaluated' ? { ...outcome, ...factsOf(probe, exchanges) } : outcome;
}

function attemptOf(probe: Probe) {
  return { layer: LAYER, what: probe.what, group: probe.family, rerun: { layer: LAYER, data: probe } };
}

interface SentStep {
  readonly step: Step;
  readonly sent: Sent;
}

/** In order, or side by side where the probe names several clients. The result is in the order of the steps. */
async function sendSteps({ steps, clients = [] }: Probe, send: Send, results: SentStep[]): Promise<void> {
  const sendAll = async (own: readonly number[]): Promise<void> => {
    for (const index of own) {
      const step = steps[index];
      if (step !== undefined) results[index] = { step, sent: await send(step) };
    }
  };
  const groups = Map.groupBy(steps.keys(), (index) => clients[index] ?? 0);
  const afterwards = groups.get('afterwards') ?? [];
  groups.delete('afterwards');
  const [first = [], ...others] = groups.values();
  await sendAll(first);
  await Promise.all(others.map(sendAll));
  await sendAll(afterwards);
}

/** Sends the last steps again until the relation is content, or patience is over. */
async function settle(probe: Probe, { send, pause }: Sending, results: SentStep[]): Promise<void> {
  const { settling = 0 } = probe;
  if (settling === 0) return;
  for (let waited = 0; waited < PATIENCE_MS; waited += PAUSE_MS) {
    const isContent = between(probe, exchangesOf(results)).every(
      ({ judgement }) => judgement.violations.length === 0,
    );
    if (isContent || judgedOf(results).some((one) => explains(one, probe))) return;
    await pause(PAUSE_MS);
    for (let index = results.length - settling; index < results.length; index++) {
      const last = results[index];
      if (last !== undefined) results[index] = { step: last.step, sent: await send(last.step) };
    }
  }
}

function judgedOf(results: readonly SentStep[]): Judged[] {
  return results.flatMap(({ step, sent }) => judgeSent(step, sent));
}

function requestsOf(results: readonly SentStep[]): number {
  return results.reduce((sum, { sent }) => sum + 1 + sent.passedOver.length, 0);
}

/** As relations see them: a write that a gateway gave up on may have been stored at its first attempt. */
function exchangesOf(results: readonly SentStep[]): Exchange[] {
  return results.map(({ sent: { exchange, passedOver } }) => {
    const tried = passedOver.find(({ answer }) => answer.kind !== 'response' || answer.status !== 429);
    return tried === undefined ? exchange : { ...exchange, sentAt: tried.sentAt };
  });
}

const EXPLAIN: readonly Code[] = [
  'response.status.server-error',
  'response.connection.lost',
  'request.valid.rejected',
  'request.invalid.accepted',
];

/** Whoever crashes, refuses what is right or takes what is wrong keeps something else than it was told. */
function explains({ asked, judgement }: Judged, { relation }: Probe): boolean {
  const isRead = asked.operation === 'getManagedClientStatus';
  return judgement.violations.some(
    ({ code }) =>
      (EXPLAIN.includes(code) && !(isHistory(relation) && code === 'request.valid.rejected')) ||
      (isRead && code.startsWith('response.body')),
  );
}

/** A history knows what was refused: it says nothing of the other writes. */
function isHistory(relation: RelationName | undefined): boolean {
  return relation === 'history' || relation === 'eventual-history';
}

/** What is worth knowing beside the verdict. */
function factsOf(probe: Probe, exchanges: readonly Exchange[]): Partial<Outcome & { kind: 'evaluated' }> {
  const { relation } = probe;
  const [only, ...others] = exchanges;
  const age = isHistory(relation) ? ageOfReads(exchanges) : undefined;
  if (age) return { notices: [{ code: 'state.history.age', details: { age: Math.ceil(age) } }] };
  if (only === undefined || others.length > 0) return {};
  const tookMs = only.receivedAt - only.sentAt;
  return isCellOfPhaseA(probe) ? { tookMs, signature: signatureOf(only) } : { tookMs };
}

function between({ relation, steps, what }: Probe, exchanges: readonly Exchange[]): Judged[] {
  if (relation === undefined) return [];
  const judgement = judgementOf(relations[relation].judge(exchanges, steps.at(-1)?.asked.cell));
  // What is wrong with a state shows in a read, whatever was sent last.
  const lastRead = steps.findLastIndex(({ method }) => method === 'GET');
  const index = lastRead === -1 ? steps.length - 1 : lastRead;
  const shown = exchanges[index];
  const operation = steps[index]?.asked.operation;
  const cell = { id: what, group: relation };
  return [
    {
      asked: { operation, expectation: 'either', cell, clientKnown: true },
      judgement,
      ...(shown && { exchange: shown }),
    },
  ];
}

/** What of the surroundings makes it pointless to go on, undefined if nothing does. */
export function lostEnvironment(
  outcome: Outcome,
  { steps }: { readonly steps: readonly Step[] },
): DoubtCode | undefined {
  if (outcome.kind !== 'inconclusive') return undefined;
  const isUser = steps.every(
    ({ authorization }) => authorization.kind === 'token' && authorization.of === 'user',
  );
  const fatal: readonly DoubtCode[] = isUser
    ? [
        'environment.unreachable',
        'environment.unauthorized',
        'environment.forbidden',
        'environment.rate-limited',
      ]
    : ['environment.unreachable'];
  return outcome.doubts.find(({ code }) => fatal.includes(code))?.code;
}

export function findingsOf(outcome: Outcome): readonly Finding[] {
  return outcome.kind === 'not-verifiable' ? [] : outcome.findings;
}

/** Ids of the findings of an outcome: what a campaign shrinks by. */
export function keysOf(outcome: Outcome): string[] {
  return findingsOf(outcome).map(({ id }) => id);
}
