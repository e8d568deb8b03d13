import type { HttpResponse } from '../http/exchange.ts';
import type { Asked } from './request-intent.ts';
import type { Code } from './codes.ts';
import { expectations, type ClassVerdict, type Expectation } from './expectations.ts';
import { doubt, violation, type DoubtCode, type Remark } from './check-result.ts';

/** The class verdict: was a request of this kind answered as documented? Server errors are judged elsewhere. */
export function judgeExpectation(response: HttpResponse, asked: Asked): Remark[] {
  const verdict: ClassVerdict = expectations[asked.expectation];
  const { status } = response;
  if (passes(verdict, status)) return [];
  const environment = environmentDoubt(status, asked);
  if (environment !== undefined) return [doubt(environment, { status })];
  if (status >= 500 || status < 200) return [];
  if (verdict.pass === 'any' || verdict.tolerated.includes(status)) return [];
  const code = codeFor(status, verdict);
  if (code === undefined) return [];
  return [
    violation(code, { site: asked.cell?.group ?? '', details: { status, documented: verdict.documented } }),
  ];
}

function codeFor(status: number, { onSuccess, onRefusal, otherwise }: ClassVerdict): Code | undefined {
  if (status < 300) return onSuccess;
  return status === 401 || status === 403 ? (onRefusal ?? otherwise) : otherwise;
}

function passes({ pass }: ClassVerdict, status: number): boolean {
  if (pass === 'any') return false; // a 429 or 401 still has to be asked about
  if (pass === 'any but success') return status >= 300 && status < 500 && status !== 429;
  return pass.includes(status);
}

/** Where 401 and 403 are what was asked about. */
const asksAboutRights: readonly Expectation[] = ['authorized', 'unauthorized', 'forbidden', 'not-yours'];

/** Answers that say something of the surroundings and nothing of the request: never a pass, never a finding. */
function environmentDoubt(status: number, asked: Asked): DoubtCode | undefined {
  if (status === 429) return 'environment.rate-limited';
  if (status === 408) return 'environment.gateway';
  if (asksAboutRights.includes(asked.expectation)) return undefined;
  if (status === 401) return 'environment.unauthorized';
  if (status === 403) return 'environment.forbidden';
  if (status === 404 && !asked.clientKnown) return 'environment.unknown-client';
  return undefined;
}
