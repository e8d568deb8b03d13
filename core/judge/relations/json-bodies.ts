import type { Exchange } from '../../http/exchange.ts';
import { readJson } from '../../http/read-body.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The JSON object in the body of a request, or undefined. */
export function sentObject(exchange: Exchange): JsonObject | undefined {
  return asObject(readJson(exchange.request.body));
}

/** The JSON object in the body of a 200, or undefined. */
export function receivedObject({ answer }: Exchange): JsonObject | undefined {
  return answer.kind === 'response' && answer.status === 200 ? asObject(readJson(answer.body)) : undefined;
}

function asObject(reading: ReturnType<typeof readJson>): JsonObject | undefined {
  if (reading.kind !== 'value') return undefined;
  const { value } = reading;
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}
