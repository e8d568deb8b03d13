import { fingerprint, type Finding } from '../../core/index.ts';
import { countRequests } from '../runner/count-requests.ts';
import {
  findingIdsIn,
  withRequests,
  type PropertyAttempt,
  type PropertyOutcome,
} from '../runner/outcomes.ts';
import type { Run } from '../runner/runner.ts';
import type { PropertyReplay } from '../runner/test-case.ts';
import { CRASHES } from './reports.ts';

/** From this number of intermittent crashes on, they have the full severity. */
const MIN_DEFECT = 3;

/**
 * Repeats crashes before they are reported. A crash that does not occur again is held back until the end of the run: one
 * or two of them are a minor finding, more are a defect. Remembers the confirmed and the held crashes.
 */
export class FlakeFilter {
  readonly #run: Run;
  readonly #confirmations: number;
  readonly #confirmed = new Set<string>();
  readonly #held: HeldOutcome[] = [];

  /** @param confirmations how often a crash must occur again */
  constructor(run: Run, confirmations: number) {
    this.#run = run;
    this.#confirmations = confirmations;
  }

  /** @returns the outcome, or undefined if it is held back */
  async check(outcome: PropertyOutcome): Promise<PropertyOutcome | undefined> {
    if (outcome.kind === 'skipped' || outcome.replay === undefined) return outcome;
    const unconfirmed = outcome.findings
      .filter(({ id, code }) => CRASHES.includes(code) && !this.#confirmed.has(id))
      .map(({ id }) => id);
    if (unconfirmed.length === 0) return outcome;
    const { run, count } = countRequests(this.#run);
    const result = await this.#repeat(unconfirmed, outcome.replay, run);
    const [counted = outcome] = withRequests([outcome], count());
    if (result === 'confirmed') for (const id of unconfirmed) this.#confirmed.add(id);
    if (result === 'confirmed' || result === 'unknown' || counted.kind === 'skipped') return counted;
    this.#held.push({ outcome: counted, goneIds: result });
    return undefined;
  }

  /** @returns the ids of the crashes that did not occur again; `unknown` if a repetition was not evaluated */
  async #repeat(
    ids: readonly string[],
    { testCase }: PropertyReplay,
    run: Run,
  ): Promise<'confirmed' | 'unknown' | readonly string[]> {
    for (let time = 0; time < this.#confirmations; time++) {
      const repeated = await run(testCase);
      if (repeated.kind !== 'evaluated') return 'unknown';
      const shown = findingIdsIn(repeated);
      const gone = ids.filter((id) => !shown.includes(id));
      if (gone.length > 0) return gone;
    }
    return 'confirmed';
  }

  /** The outcomes that were held back, with their final severity. */
  heldOutcomes(): PropertyOutcome[] {
    const isDefect = this.#held.length >= MIN_DEFECT;
    return this.#held.map(({ outcome, goneIds }) => ({
      ...outcome,
      findings: outcome.findings.map((finding) => {
        if (!goneIds.includes(finding.id)) return finding;
        const intermittent = withoutMutation(finding);
        return isDefect ? intermittent : { ...intermittent, severity: 'minor' as const };
      }),
      ...(outcome.replay && { replay: replayWithoutMutation(outcome.replay) }),
    }));
  }
}

interface HeldOutcome {
  readonly outcome: PropertyAttempt;
  readonly goneIds: readonly string[];
}

/** An intermittent crash does not depend on the mutation, so all of them have the same id. */
function withoutMutation(finding: Finding): Finding {
  const { mutation: _, ...rest } = { ...finding, site: '' };
  const intent = { operation: rest.operation, expectation: 'either', isManagedClientKnown: true } as const;
  return { ...rest, id: fingerprint(rest, intent, rest.exchange) };
}

/** The replay of an intermittent crash, which then has the same id as the finding. */
function replayWithoutMutation({ layer, testCase }: PropertyReplay): PropertyReplay {
  const steps = testCase.steps.map((step) => {
    const { mutation: _, ...intent } = step.intent;
    return { ...step, intent };
  });
  return { layer, testCase: { ...testCase, steps } };
}
