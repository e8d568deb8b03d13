import {
  describeInconclusive,
  type InconclusiveReason,
  type StateName,
  type StateValues,
} from '../../core/index.ts';
import {
  BudgetSpentError,
  StateSetupError,
  type Permissions,
  type TokenStore,
} from '../../core/client/index.ts';
import { CONTROL_SUITE, controlTestCase } from './control-request.ts';
import { skipped, unsent, type PropertyAttempt, type PropertyOutcome } from './outcomes.ts';
import { runTestCase, type SendContext } from './run-test-case.ts';
import type { TargetIds } from './target-ids.ts';
import {
  callersOf,
  forManagedClient,
  permissionOf,
  stateCaller,
  withRunId,
  type TestCase,
} from './test-case.ts';

export interface RunnerContext extends SendContext {
  readonly target: TargetIds;
  /** Distinguishes the writes of this run from those of other runs. */
  readonly runId: string;
  readonly permissions: Permissions;
  readonly tokens: TokenStore;
  /** Sets up a provider state. Undefined if the target has no state endpoint. */
  readonly setUpState: ((state: StateName) => Promise<StateValues>) | undefined;
}

/** Runs a test case. Never rejects, because fast-check would take a rejection for a counterexample. */
export type Run = (testCase: TestCase) => Promise<PropertyOutcome>;

/**
 * Runs test cases that are possible on the target. After the target is lost or an error ends the run, it sends nothing
 * and returns outcomes of unsent test cases.
 */
export class Runner {
  readonly #context: RunnerContext;
  #lost: InconclusiveReason | undefined;
  /** The error that ended the run, such as an interruption. */
  failure: unknown;

  constructor(context: RunnerContext) {
    this.#context = context;
  }

  readonly run: Run = async (testCase) => {
    if (this.failure !== undefined) return unsent(testCase, 'the run has ended');
    const skip = this.#reasonToSkip(testCase);
    if (skip !== undefined) return skip;
    if (this.#lost !== undefined) return unsent(testCase, describeInconclusive(this.#lost, {}));
    try {
      return await this.#send(testCase);
    } catch (error) {
      this.failure = error;
      return unsent(testCase, 'the run has ended');
    }
  };

  async #send(testCase: TestCase): Promise<PropertyOutcome> {
    const prepared = await this.#setUp(testCase);
    if ('kind' in prepared) return prepared;
    const outcome = await this.#sendWithinBudget(withRunId(prepared, this.#context.runId));
    this.#lost ??= await this.#lostEnvironment(testCase, outcome);
    // A replay sets up the state again and uses a run id of its own.
    const isReplayable = outcome.kind !== 'skipped' && outcome.replay !== undefined;
    return isReplayable ? { ...outcome, replay: { layer: 'property', testCase } } : outcome;
  }

  async #sendWithinBudget(testCase: TestCase): Promise<PropertyOutcome> {
    try {
      return await runTestCase(testCase, this.#context);
    } catch (error) {
      if (!(error instanceof BudgetSpentError)) throw error;
      const why = error.message;
      return testCase.required ? unsent(testCase, why) : skipped(testCase, 'budget-spent', { why });
    }
  }

  /** Sets up the state of a test case. @returns the test case for the managed client of the state */
  async #setUp(testCase: TestCase): Promise<TestCase | PropertyOutcome> {
    const { target, tokens, setUpState } = this.#context;
    const { state } = testCase;
    if (state === undefined || setUpState === undefined) return testCase;
    const failed = skipped(testCase, 'no-state-endpoint', { state });
    let values: StateValues;
    try {
      values = await setUpState(state);
    } catch (error) {
      if (error instanceof StateSetupError) return failed;
      throw error;
    }
    const { token, id } = values;
    // Many state endpoints return neither. Then the state has no caller, or no managed client.
    if (!token || (id === undefined && STATES_OF_MANAGED_CLIENT.includes(state))) return failed;
    tokens.add(stateCaller(state), token);
    return forManagedClient(testCase, target.managedClient, id ?? target.managedClient);
  }

  #reasonToSkip(testCase: TestCase): PropertyOutcome | undefined {
    const { permissions, tokens, setUpState } = this.#context;
    const { state } = testCase;
    const permission = permissionOf(testCase);
    if (!permissions.allows(permission)) return skipped(testCase, 'not-allowed', { permission });
    if (state !== undefined && setUpState === undefined)
      return skipped(testCase, 'no-state-endpoint', { state });
    const created = state && stateCaller(state);
    const principal = callersOf(testCase).find((caller) => caller !== created && !tokens.has(caller));
    return principal === undefined ? undefined : skipped(testCase, 'no-principal', { principal });
  }

  /** A rejected mutation says little about the environment, so a control request decides whether it is lost. */
  async #lostEnvironment(
    testCase: TestCase,
    outcome: PropertyOutcome,
  ): Promise<InconclusiveReason | undefined> {
    const reason = fatalReasonIn(outcome, testCase);
    if (reason === undefined || testCase.suite === CONTROL_SUITE) return reason;
    const control = controlTestCase('getManagedClientStatus', this.#context.target);
    return fatalReasonIn(await this.#sendWithinBudget(control), control);
  }
}

/** States whose subject is the managed client and not the caller. */
const STATES_OF_MANAGED_CLIENT: readonly StateName[] = ['the managed client belongs to another tenant'];

const FATAL_FOR_USER: readonly InconclusiveReason[] = [
  'environment.unreachable',
  'environment.unauthorized',
  'environment.forbidden',
  'environment.rate-limited',
];
const FATAL: readonly InconclusiveReason[] = ['environment.unreachable'];

/** The reason why it is pointless to send more requests, or undefined. */
function fatalReasonIn(
  outcome: PropertyOutcome | PropertyAttempt,
  { steps }: TestCase,
): InconclusiveReason | undefined {
  if (outcome.kind !== 'inconclusive') return undefined;
  const isUser = steps.every(
    ({ authorization }) => authorization.kind === 'token' && authorization.of === 'user',
  );
  const fatal = isUser ? FATAL_FOR_USER : FATAL;
  return outcome.inconclusive.find(({ reason }) => fatal.includes(reason))?.reason;
}
