import {
  ageOfReads,
  outcomeOf,
  relations,
  judgementOf,
  signatureOf,
  type DoubtCode,
  type Exchange,
  type Judged,
  type Outcome,
} from '../contracts/index.ts';
import { judgeSent, type Send, type Sent, type Step } from '../contracts/target/index.ts';
import { isOfPhaseA } from './phases/enumerate.ts';
import type { Probe } from './probe.ts';

export const LAYER = 'property';

/** Sends the steps of a probe in order, and hands every exchange and what lies between them to the judge. */
export async function runProbe(probe: Probe, send: Send): Promise<Outcome> {
  const all = await sendSteps(probe, send);
  const judged = all.flatMap(({ step, sent }) => judgeSent(step, sent));
  const last = all.map(({ sent }) => sent.exchange);
  const requests = all.reduce((sum, { sent }) => sum + 1 + sent.passedOver.length, 0);
  const attempt = {
    layer: LAYER,
    what: probe.what,
    group: probe.family,
    rerun: { layer: LAYER, data: probe },
  };
  // A broken exchange explains a broken relation: one bug, one report.
  const isClean = judged.every(({ judgement }) => judgement.violations.length === 0);
  const outcome = outcomeOf(attempt, isClean ? [...judged, ...between(probe, last)] : judged, requests);
  return outcome.kind === 'evaluated' ? { ...outcome, ...factsOf(probe, last) } : outcome;
}

/** What is worth knowing beside the verdict. */
function factsOf(
  { family, relation }: Probe,
  exchanges: readonly Exchange[],
): Partial<Outcome & { kind: 'evaluated' }> {
  const [only, ...others] = exchanges;
  const age = relation === 'history' || relation === 'eventual-history' ? ageOfReads(exchanges) : undefined;
  if (age) return { notices: [{ code: 'state.history.age', details: { age: Math.ceil(age) } }] };
  if (only === undefined || others.length > 0) return {};
  const tookMs = only.receivedAt - only.sentAt;
  return isOfPhaseA(family) ? { tookMs, signature: signatureOf(only) } : { tookMs };
}

interface SentStep {
  readonly step: Step;
  readonly sent: Sent;
}

/** In order, or side by side where the probe names several clients. The result is in the order of the steps. */
async function sendSteps({ steps, clients = [] }: Probe, send: Send): Promise<SentStep[]> {
  const results: SentStep[] = [];
  const sendAll = async (own: readonly number[]): Promise<void> => {
    for (const index of own) {
      const step = steps[index];
      if (step !== undefined) results[index] = { step, sent: await send(step) };
    }
  };
  const [first = [], ...others] = Map.groupBy(steps.keys(), (index) => clients[index] ?? 0).values();
  await sendAll(first);
  await Promise.all(others.map(sendAll));
  return results;
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

/** Ids of the findings of an outcome: what a campaign shrinks by. */
export function keysOf(outcome: Outcome): string[] {
  return outcome.kind === 'not-verifiable' ? [] : outcome.findings.map(({ id }) => id);
}
