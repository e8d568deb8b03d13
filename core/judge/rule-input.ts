import type { OperationId } from '../api/operations.ts';
import type { Exchange, HttpResponse } from '../http/exchange.ts';
import { headerValue } from '../http/headers.ts';
import { parseMediaType } from '../http/media-type.ts';
import { readJson, type JsonReading } from '../http/read-body.ts';
import type { Asked } from './request-intent.ts';

/** One answered exchange as the rules see it; the body is parsed once, and only if a rule asks. */
export class Subject {
  readonly exchange: Exchange;
  readonly response: HttpResponse;
  readonly asked: Asked;
  #json: JsonReading | undefined;

  constructor(exchange: Exchange, response: HttpResponse, asked: Asked) {
    this.exchange = exchange;
    this.response = response;
    this.asked = asked;
  }

  get operation(): OperationId | undefined {
    return this.asked.operation;
  }

  get json(): JsonReading {
    return (this.#json ??= readJson(this.response.body));
  }

  /** `type/subtype` of the answer, undefined without a readable Content-Type. */
  get mediaType(): string | undefined {
    const value = headerValue(this.response.headers, 'content-type');
    return value === undefined ? undefined : parseMediaType(value)?.essence;
  }

  /** True where the answer is JSON with the API's own error code: the origin wrote it, not a gateway. */
  get isFromOrigin(): boolean {
    if (this.mediaType !== 'application/json' || this.json.kind !== 'value') return false;
    const { value } = this.json;
    return typeof value === 'object' && value !== null && 'detailCode' in value;
  }
}
