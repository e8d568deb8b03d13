import {
  outcomeOf,
  relations,
  judgementOf,
  type DoubtCode,
  type Exchange,
  type Judged,
  type Outcome,
} from '../contracts/index.ts';
import { judgeSent, type Send, type Step } from '../contracts/target/index.ts';
import type { Probe } from './probe.ts';

export const LAYER = 'property';

/** Sends the steps of a probe in order, and hands every exchange and what lies between them to the judge. */
export async function runProbe(probe: Probe, send: Send): Promise<Outcome> {
  const judged: Judged[] = [];
  const last: Exchange[] = [];
  let requests = 0;
  for (const step of probe.steps) {
    const sent = await send(step);
    requests += 1 + sent.passedOver.length;
    judged.push(...judgeSent(step, sent));
    last.push(sent.exchange);
  }
  const attempt = {
    layer: LAYER,
    what: probe.what,
    group: probe.family,
    rerun: { layer: LAYER, data: probe },
  };
  // A broken exchange explains a broken relation: one bug, one report.
  const isClean = judged.every(({ judgement }) => judgement.violations.length === 0);
  return outcomeOf(attempt, isClean ? [...judged, ...between(probe, last)] : judged, requests);
}

function between({ relation, steps, what }: Probe, exchanges: readonly Exchange[]): Judged[] {
  if (relation === undefined) return [];
  const judgement = judgementOf(relations[relation].judge(exchanges));
  const shown = exchanges.at(-1);
  const operation = steps.at(-1)?.asked.operation;
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
