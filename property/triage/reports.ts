import {
  baseReport,
  isSafeMethod,
  type Code,
  type ManagedClientStatus,
  reportMembers,
} from '../../core/index.ts';
import { shorten } from '../mutations/mutation.ts';
import { findingsIn, type PropertyOutcome } from '../runner/outcomes.ts';
import { writeSpec } from '../runner/requests.ts';
import type { TargetIds } from '../runner/target-ids.ts';
import type { TestCase } from '../runner/test-case.ts';

/** The codes of a service that fails entirely. */
export const CRASHES: readonly Code[] = ['response.status.server-error', 'response.connection.lost'];

/** The fingerprint class of reports before their failure is attributed. */
export const UNATTRIBUTED = 'valid@report';

/** A valid report that failed. */
export interface FailedReport {
  readonly report: ManagedClientStatus;
  readonly outcome: PropertyOutcome;
}

/** A test case that writes one valid report. */
export function reportTestCase(
  report: ManagedClientStatus,
  target: TargetIds,
  fingerprintClass: string,
): TestCase {
  const body = JSON.stringify(report);
  const mutation = {
    name: fingerprintClass,
    fingerprintClass,
    before: JSON.stringify(baseReport),
    after: shorten(body),
  };
  const steps = [writeSpec({ target, body, expectation: 'accept', mutation })];
  return { name: 'random-report', suite: 'random-reports', steps };
}

/** The report of a test case that writes one valid report as plain JSON; undefined for other test cases. */
export function validReportIn({ steps, state }: TestCase): ManagedClientStatus | undefined {
  const [step, ...others] = steps;
  if (step === undefined || others.length > 0 || state !== undefined) return undefined;
  const { expectation, mutation } = step.intent;
  const isAboutReport = expectation === 'accept' && mutation?.fingerprintClass.startsWith('valid@');
  if (isAboutReport !== true || step.body === undefined || !('text' in step.body)) return undefined;
  if (step.headers.every(([, value]) => value !== 'application/json')) return undefined;
  const report = JSON.parse(step.body.text) as ManagedClientStatus;
  return JSON.stringify(report) === step.body.text && Object.keys(report).length === reportMembers.length
    ? report
    : undefined;
}

/** The valid report that was rejected in a test case about something else, or undefined. */
export function rejectedReportIn(outcome: PropertyOutcome): ManagedClientStatus | undefined {
  const rejected = findingsIn(outcome).find(
    ({ code, mutation, exchange }) =>
      (code.startsWith('request.valid') || CRASHES.includes(code)) &&
      mutation?.fingerprintClass.startsWith('valid@') === true &&
      exchange !== undefined &&
      !isSafeMethod(exchange.request.method),
  );
  const body = rejected?.exchange?.request.body;
  return body?.kind === 'text' ? (JSON.parse(body.text) as ManagedClientStatus) : undefined;
}
