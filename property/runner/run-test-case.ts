import {
  judgementOf,
  maxReadAge,
  outcomeOf,
  relations,
  isSafeMethod,
  operations,
  type Code,
  type Exchange,
  type Judged,
  type Measured,
  type RelationName,
} from '../../core/index.ts';
import {
  BudgetSpentError,
  judgeSendResult,
  type RequestSpec,
  type Send,
  type SendResult,
} from '../../core/client/index.ts';
import { checkNameOf, unsent, type PropertyAttempt } from './outcomes.ts';
import type { TestCase } from './test-case.ts';

/** The longest time to wait for an eventually consistent service. */
const MAX_CONVERGENCE_MS = 5000;
const PAUSE_MS = 250;

export interface SendContext {
  readonly send: Send;
  /** Waits for a number of milliseconds. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

/**
 * Sends the steps of a test case and judges each exchange and the relation between them.
 * @throws the error that ended sending, unless an exchange before it shows a finding or the budget is spent in between
 */
export async function runTestCase(testCase: TestCase, context: SendContext): Promise<PropertyAttempt> {
  const results: StepResult[] = [];
  const check = { ...checkNameOf(testCase), replay: { layer: 'property', testCase } as const };
  try {
    await sendSteps(testCase, context.send, results);
    await repeatUntilConsistent(testCase, context, results);
  } catch (error) {
    const judged = judgeSteps(results);
    const requests = requestsIn(results);
    const hasFindings = judged.some(({ judgement }) => judgement.violations.length > 0);
    if (hasFindings) return outcomeOf(check, judged, requests);
    // Requests that were sent count, even if the budget ends before the others.
    if (error instanceof BudgetSpentError && requests > 0) {
      return { ...unsent(testCase, error.message), requests };
    }
    throw error;
  }
  const judged = judgeSteps(results);
  const exchanges = exchangesIn(results);
  const all = judged.some((one) => explainsRelation(one, testCase))
    ? judged
    : [...judged, ...judgeRelation(testCase, exchanges)];
  const outcome = outcomeOf(check, all, requestsIn(results));
  const measured = measure(testCase, exchanges);
  return outcome.kind === 'evaluated' && measured ? { ...outcome, measured } : outcome;
}

interface StepResult {
  readonly step: RequestSpec;
  readonly result: SendResult;
}

/** Sends the steps of each worker in order. Stores the results at the index of their step. */
async function sendSteps(
  { steps, workers = [] }: TestCase,
  send: Send,
  results: StepResult[],
): Promise<void> {
  const sendAll = async (indices: readonly number[]): Promise<void> => {
    for (const index of indices) {
      const step = steps[index];
      if (step !== undefined) results[index] = { step, result: await send(step) };
    }
  };
  const byWorker = Map.groupBy(steps.keys(), (index) => workers[index] ?? 0);
  const last = byWorker.get('last') ?? [];
  byWorker.delete('last');
  const [first = [], ...others] = byWorker.values();
  await sendAll(first);
  await Promise.all(others.map(sendAll));
  await sendAll(last);
}

async function repeatUntilConsistent(
  testCase: TestCase,
  { send, pause }: SendContext,
  results: StepResult[],
): Promise<void> {
  const { repeatedSteps = 0 } = testCase;
  if (repeatedSteps === 0) return;
  for (let waited = 0; waited < MAX_CONVERGENCE_MS; waited += PAUSE_MS) {
    const holds = judgeRelation(testCase, exchangesIn(results)).every(
      ({ judgement }) => judgement.violations.length === 0,
    );
    if (holds || judgeSteps(results).some((one) => explainsRelation(one, testCase))) return;
    await pause(PAUSE_MS);
    for (let index = results.length - repeatedSteps; index < results.length; index++) {
      const previous = results[index];
      if (previous === undefined) continue;
      const result = await send(previous.step);
      results[index] = {
        step: previous.step,
        result: { ...result, requests: previous.result.requests + result.requests },
      };
    }
  }
}

function judgeSteps(results: readonly StepResult[]): Judged[] {
  return results.flatMap(({ step, result }) => judgeSendResult(step, result));
}

function requestsIn(results: readonly StepResult[]): number {
  return results.reduce((sum, { result }) => sum + result.requests, 0);
}

/** The exchanges for relations. A write that a gateway gave up on may have been stored at its first attempt. */
function exchangesIn(results: readonly StepResult[]): Exchange[] {
  return results.map(({ result: { exchange, retried } }) => {
    const first = retried.find(({ answer }) => answer.kind !== 'response' || answer.status !== 429);
    return first === undefined ? exchange : { ...exchange, sentAt: first.sentAt };
  });
}

const EXPLANATIONS: readonly Code[] = [
  'response.status.server-error',
  'response.connection.lost',
  'request.valid.rejected',
  'request.invalid.accepted',
];

/** Whether a violation of one exchange explains why the relation does not hold. Then the relation is not judged. */
function explainsRelation({ intent, judgement }: Judged, { relation }: TestCase): boolean {
  const { operation } = intent;
  const isRead = operation !== undefined && isSafeMethod(operations[operation].method);
  return judgement.violations.some(
    ({ code }) =>
      (EXPLANATIONS.includes(code) && !(isConsistency(relation) && code === 'request.valid.rejected')) ||
      (isRead && code.startsWith('response.body')),
  );
}

/** These relations take rejected writes into account. */
function isConsistency(relation: RelationName | undefined): boolean {
  return relation === 'linearizability' || relation === 'eventual-consistency';
}

function measure({ relation }: TestCase, exchanges: readonly Exchange[]): Measured | undefined {
  const age = isConsistency(relation) ? maxReadAge(exchanges) : undefined;
  return age ? { maxReadAgeMs: Math.ceil(age) } : undefined;
}

function judgeRelation({ relation, steps, name }: TestCase, exchanges: readonly Exchange[]): Judged[] {
  if (relation === undefined) return [];
  const judgement = judgementOf(relations[relation].judge(exchanges, steps.at(-1)?.intent.mutation));
  // A finding about stored state shows a read, even if the last request is a write.
  const lastRead = steps.findLastIndex(({ method }) => isSafeMethod(method));
  const index = lastRead === -1 ? steps.length - 1 : lastRead;
  const exchange = exchanges[index];
  const operation = steps[index]?.intent.operation;
  const mutation = { name, fingerprintClass: relation };
  const intent = { operation, expectation: 'either', mutation, isManagedClientKnown: true } as const;
  return [{ intent, judgement, sequence: exchanges, ...(exchange && { exchange }) }];
}
