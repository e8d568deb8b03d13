import type { Exchange, HttpFailure, HttpResponse } from '../http/exchange.ts';
import type { Asked } from './request-intent.ts';
import { judgeExpectation } from './judge-expectation.ts';
import { doubt, violation, type Doubt, type Remark, type Violation } from './check-result.ts';
import { rules } from './rules/index.ts';
import { Subject } from './rule-input.ts';

/** What the judge says of one exchange. Without doubts it was evaluated; without either list it passed. */
export interface Judgement {
  readonly violations: readonly Violation[];
  readonly doubts: readonly Doubt[];
}

/**
 * The one judge of every layer: pure, and the same in Node, Jest and k6.
 * @param exchange a request and what came back
 * @param asked what the sender wanted to know with it
 */
export function judge(exchange: Exchange, asked: Asked): Judgement {
  return judgementOf(remarksOn(exchange, asked));
}

/** Splits remarks into what is broken and what could not be told. */
export function judgementOf(remarks: readonly Remark[]): Judgement {
  return {
    violations: remarks.filter((remark) => remark.kind === 'violation'),
    doubts: remarks.filter((remark) => remark.kind === 'doubt'),
  };
}

function remarksOn(exchange: Exchange, asked: Asked): Remark[] {
  const { answer } = exchange;
  if (answer.kind === 'failure') return [lost(answer, asked)];
  const subject = new Subject(exchange, answer, asked);
  const universal = rules.flatMap((rule) => rule.judge(subject));
  const classVerdict = judgeExpectation(answer, asked);
  return [...withoutConsequences(universal, answer, classVerdict), ...classVerdict];
}

/** One bug, one report: what a service answers to a request that it should have refused has no schema to fit. */
function withoutConsequences(remarks: Remark[], { status }: HttpResponse, classVerdict: Remark[]): Remark[] {
  const wasTaken = status < 300 && classVerdict.some(({ kind }) => kind === 'violation');
  return wasTaken ? remarks.filter(({ code }) => code !== 'response.body.schema') : remarks;
}

/** A target that does not listen is environment; one that takes the request and lets go of it is broken. */
function lost({ reason, detail }: HttpFailure, asked: Asked): Remark {
  if (reason === 'refused') return doubt('environment.unreachable', { detail });
  return violation('response.connection.lost', {
    site: asked.cell?.group ?? '',
    details: { reason, detail },
  });
}
