import { fingerprint, type Code, type Finding, type Outcome } from '../contracts/index.ts';
import type { Probe } from './probe.ts';
import { keysOf } from './run-probe.ts';
import type { Run } from './runner.ts';

/** Once may be the weather: a restart, a connection that a router dropped. */
const WEATHER: readonly Code[] = ['response.status.server-error', 'response.connection.lost'];
/** So many failures that come and go are no weather. */
const MANY = 3;

/** Asks again before a crash counts in full: what does not come back is a minor finding, if there is hardly any of it. */
export class Confirmations {
  readonly #run: Run;
  readonly #times: number;
  readonly #confirmed = new Set<string>();
  #held: Exclude<Outcome, { kind: 'not-verifiable' }>[] = [];

  /** @param times how often a failure has to come back */
  constructor(run: Run, times: number) {
    this.#run = run;
    this.#times = times;
  }

  /** @returns the outcome, or undefined where it is held back until the end */
  async ask(outcome: Outcome): Promise<Outcome | undefined> {
    if (outcome.kind === 'not-verifiable' || outcome.rerun?.data === undefined) return outcome;
    const open = outcome.findings.filter(
      ({ id, code }) => WEATHER.includes(code) && !this.#confirmed.has(id),
    );
    if (open.length === 0) return outcome;
    for (let time = 0; time < this.#times; time++) {
      const again = keysOf(await this.#run(outcome.rerun.data as Probe));
      if (open.every(({ id }) => again.includes(id))) continue;
      this.#held.push(outcome);
      return undefined;
    }
    for (const { id } of open) this.#confirmed.add(id);
    return outcome;
  }

  /** What was held back, and is not any more. */
  rest(): Outcome[] {
    const held = this.#held;
    this.#held = [];
    const isMuch = held.length >= MANY;
    return held.map((outcome) => {
      const findings = outcome.findings.map(withoutCell);
      return { ...outcome, findings: isMuch ? findings : findings.map(asWeather) };
    });
  }
}

/** What comes and goes has nothing to do with what was bent: it has one name, whichever request met it. */
function withoutCell(finding: Finding): Finding {
  if (!WEATHER.includes(finding.code)) return finding;
  const { cell: _, ...own } = { ...finding, site: '' };
  const asked = { operation: own.operation, expectation: 'either', clientKnown: true } as const;
  return { ...own, id: fingerprint(own, asked, own.exchange) };
}

function asWeather(finding: Finding): Finding {
  return WEATHER.includes(finding.code) ? { ...finding, severity: 'minor' } : finding;
}
