import type { CellNote, Code, ManagedClientStatus, OperationId, Outcome } from '../../core/index.ts';
import type { Step } from '../../core/client/index.ts';
import { differences } from './minimize.ts';
import { canonical } from '../runner/base-report.ts';
import { shorten } from '../mutations/mutation.ts';
import type { Place } from '../runner/target-ids.ts';
import type { Probe } from '../runner/test-case.ts';
import { getStep, postStep } from '../runner/requests.ts';
import { findingsOf } from '../runner/run-test-case.ts';

/** The family of the plainest requests. */
export const PLAIN = 'plain';

/** What a service does that fails altogether. */
export const CRASHES: readonly Code[] = ['response.status.server-error', 'response.connection.lost'];

/** The group of a report whose failure has no name yet. */
export const UNNAMED = 'valid@report';

/** A probe that sends one valid report. */
export function reportProbe(report: ManagedClientStatus, place: Place, group: string): Probe {
  const body = JSON.stringify(report);
  const cell = { id: group, group, was: JSON.stringify(canonical), sent: shorten(body) };
  return {
    what: 'random-report',
    family: 'random',
    steps: [postStep({ place, body, expectation: 'accept', cell })],
  };
}

/** The plainest request of an operation: what fails with it fails with everything. `cell` only lends its name. */
export function plainProbe(operation: OperationId, place: Place, cell?: CellNote): Probe {
  const ask = { place, expectation: 'accept', ...(cell && { cell }) } as const;
  const step =
    operation === 'getManagedClientStatus'
      ? getStep(ask)
      : postStep({ ...ask, body: JSON.stringify(canonical) });
  return { what: `plain-${step.method.toLowerCase()}`, family: PLAIN, steps: [step] };
}

/** The report of a cell that is about a valid one in plain JSON; undefined where it is about anything else. */
export function plainReportOf({ steps, state }: Probe): ManagedClientStatus | undefined {
  const [step, ...others] = steps;
  if (step === undefined || others.length > 0 || state !== undefined) return undefined;
  const isAboutReport = step.asked.expectation === 'accept' && step.asked.cell?.group.startsWith('valid@');
  if (isAboutReport !== true || step.body === undefined || !('text' in step.body)) return undefined;
  if (step.headers.every(([, value]) => value !== 'application/json')) return undefined;
  const report = JSON.parse(step.body.text) as ManagedClientStatus;
  return JSON.stringify(report) === step.body.text && Object.keys(report).length === 4 ? report : undefined;
}

/** A write whose mark and instant are its own: a failure is named after its status and type alone. */
export function writeStep(place: Place, report: ManagedClientStatus, id: string): Step {
  const { status, type } = report;
  const group = `valid@${differences({ ...canonical, status, type })}`;
  return postStep({ place, body: JSON.stringify(report), expectation: 'accept', cell: { id, group } });
}

/** The valid report that was refused on the way to what an outcome is about; undefined where none was. */
export function refusedReport(outcome: Outcome): ManagedClientStatus | undefined {
  const refused = findingsOf(outcome).find(
    ({ code, cell, exchange }) =>
      (code.startsWith('request.valid') || CRASHES.includes(code)) &&
      cell?.group.startsWith('valid@') === true &&
      exchange?.request.method === 'POST',
  );
  const body = refused?.exchange?.request.body;
  return body?.kind === 'text' ? (JSON.parse(body.text) as ManagedClientStatus) : undefined;
}
