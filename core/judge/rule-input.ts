import type { OperationId } from '../api/operations.ts';
import type { Exchange, HttpResponse } from '../http/exchange.ts';
import { headerValue } from '../http/headers.ts';
import { parseMediaType } from '../http/media-type.ts';
import { readJson, type JsonReading } from '../http/read-body.ts';
import type { RequestIntent } from './request-intent.ts';

/** An exchange with a response, as the rules read it. Parses the body once, on first use. */
export class RuleInput {
  readonly exchange: Exchange;
  readonly response: HttpResponse;
  readonly intent: RequestIntent;
  #json: JsonReading | undefined;

  constructor(exchange: Exchange, response: HttpResponse, intent: RequestIntent) {
    this.exchange = exchange;
    this.response = response;
    this.intent = intent;
  }

  get operation(): OperationId | undefined {
    return this.intent.operation;
  }

  get json(): JsonReading {
    return (this.#json ??= readJson(this.response.body));
  }

  /** `type/subtype` of the response, undefined without a valid Content-Type. */
  get mediaType(): string | undefined {
    const value = headerValue(this.response.headers, 'content-type');
    return value === undefined ? undefined : parseMediaType(value)?.essence;
  }

  /** True if the body has the API's error code. Then the service wrote the response, not a gateway. */
  get isFromService(): boolean {
    if (this.mediaType !== 'application/json' || this.json.kind !== 'value') return false;
    const { value } = this.json;
    return typeof value === 'object' && value !== null && 'detailCode' in value;
  }
}
