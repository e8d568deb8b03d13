import { fingerprint, type Finding, type Outcome } from '../../core/index.ts';
import type { Probe } from '../runner/test-case.ts';
import { CRASHES } from './control-request.ts';
import { keysOf } from '../runner/run-test-case.ts';
import type { Run } from '../runner/runner.ts';

/** So many failures that come and go are no weather. */
const MANY = 3;

/** Asks again before a crash counts in full, for once may be the weather: what does not come back is a minor finding, if there is hardly any of it. */
export class Confirmations {
  readonly #run: Run;
  readonly #times: number;
  readonly #confirmed = new Set<string>();
  /** With the ids of what did not come back. */
  #held: { readonly outcome: Answered; readonly gone: readonly string[] }[] = [];

  /** @param times how often a failure has to come back */
  constructor(run: Run, times: number) {
    this.#run = run;
    this.#times = times;
  }

  /** @returns the outcome, or undefined where it is held back until the end */
  async ask(outcome: Outcome): Promise<Outcome | undefined> {
    if (outcome.kind === 'not-verifiable' || outcome.rerun?.data === undefined) return outcome;
    const open = outcome.findings.filter(
      ({ id, code }) => CRASHES.includes(code) && !this.#confirmed.has(id),
    );
    for (let time = 0; open.length > 0 && time < this.#times; time++) {
      const again = await this.#again(outcome);
      // Whoever cannot be asked again has not taken anything back.
      if (again === undefined) return outcome;
      const gone = open.filter(({ id }) => !again.includes(id));
      if (gone.length === 0) continue;
      this.#held.push({ outcome, gone: gone.map(({ id }) => id) });
      return undefined;
    }
    for (const { id } of open) this.#confirmed.add(id);
    return outcome;
  }

  /** The ids of what fails now, undefined where that could not be told. */
  async #again(outcome: Answered): Promise<string[] | undefined> {
    try {
      const again = await this.#run(outcome.rerun?.data as Probe);
      return again.kind === 'evaluated' ? keysOf(again) : undefined;
    } catch (error) {
      this.#held.push({ outcome, gone: [] });
      throw error;
    }
  }

  /** What was held back, and is not any more. */
  rest(): Outcome[] {
    const held = this.#held;
    this.#held = [];
    const isMuch = held.filter(({ gone }) => gone.length > 0).length >= MANY;
    return held.map(({ outcome, gone }) => {
      const findings = outcome.findings.map((finding) => {
        if (!gone.includes(finding.id)) return finding;
        return isMuch ? withoutCell(finding) : { ...withoutCell(finding), severity: 'minor' as const };
      });
      return gone.length === 0 ? outcome : { ...outcome, findings, ...rerunWithoutCell(outcome) };
    });
  }
}

type Answered = Exclude<Outcome, { kind: 'not-verifiable' }>;

/** So that the same crash has the same name when it is asked for again. */
function rerunWithoutCell({ rerun }: Answered): Partial<Pick<Answered, 'rerun'>> {
  if (rerun === undefined) return {};
  const probe = rerun.data as Probe;
  const steps = probe.steps.map((step) => {
    const { cell: _, ...asked } = step.asked;
    return { ...step, asked };
  });
  return { rerun: { ...rerun, data: { ...probe, steps } } };
}

/** What comes and goes has nothing to do with what was bent: it has one name, whichever request met it. */
function withoutCell(finding: Finding): Finding {
  const { cell: _, ...own } = { ...finding, site: '' };
  const asked = { operation: own.operation, expectation: 'either', clientKnown: true } as const;
  return { ...own, id: fingerprint(own, asked, own.exchange) };
}
