import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from '@jest/globals';
import { Matchers, Pact } from '@pact-foundation/pact';

import { operations, PROVIDER, type Operation, type OperationId } from '../../core/index.ts';
import { gapsIn } from './completeness.ts';
import { reportOf } from './examples.ts';
import { interactions, interactionsOf, type Interaction } from './interactions.ts';
import {
  authorization,
  CLIENT,
  path,
  requestBody,
  responseBody,
  responseHeaders,
  TOKEN,
} from './matchers.ts';
import { expectedError, isParsed, timestamps } from './sdk-errors.ts';
import type { ConsumerName, Sdk, SdkCall, SdkResult } from './sdk.ts';
import { describeEachSdk } from './test-support/describe-each-sdk.ts';

const committed = join(import.meta.dirname, '..', 'pacts');
const generated = mkdtempSync(join(tmpdir(), 'mch-pacts-'));
afterAll(() => rmSync(generated, { recursive: true, force: true }));

describeEachSdk((consumer, sdk) => {
  const file = `${consumer}-${PROVIDER}.json`;
  const pact = new Pact({ consumer, provider: PROVIDER, dir: generated, logLevel: 'error' });

  test.each(interactionsOf(consumer))('understands $status to $description', async (interaction) => {
    expect.hasAssertions();
    await builderFor(pact, consumer, interaction).executeTest(async ({ url }) => {
      checkResult(consumer, interaction, await call(sdk(), url, interaction));
    });
  });

  test('generates the committed pact', () => {
    const pactText = readFileSync(join(generated, file), 'utf8');
    expect(gapsIn(pactText, interactionsOf(consumer))).toEqual({ missing: [], unexpected: [] });
    if (process.env['MCH_UPDATE_PACTS'] === 'true') writeFileSync(join(committed, file), pactText);
    expect(readFileSync(join(committed, file), 'utf8')).toBe(pactText);
  });
});

/** Whether the table of operations gives an operation a type in the query, and a report as its body. */
function parametersOf(id: OperationId): { readonly type: boolean; readonly report: boolean } {
  const { query, request }: Operation = operations[id];
  return { type: 'type' in query, report: request === 'ManagedClientStatus' };
}

function builderFor(pact: Pact, consumer: ConsumerName, interaction: Interaction) {
  const { description, operation, state, params, status, type = 'CCG' } = interaction;
  const takes = parametersOf(operation);
  return pact
    .addInteraction()
    .given(state, params === undefined ? undefined : { ...params })
    .uponReceiving(description)
    .withRequest(operations[operation].method, path(interaction), (request) => {
      request.headers(authorization(interaction, consumer));
      if (takes.type) request.query({ type: String(type) });
      if (takes.report) request.jsonBody(requestBody(interaction));
    })
    .willRespondWith(status, (response) => {
      response.headers(responseHeaders(interaction));
      response.jsonBody(responseBody(interaction, consumer));
    });
}

function call(sdk: Sdk, baseUrl: string, interaction: Interaction): Promise<SdkResult> {
  const { operation, state, type = 'CCG' } = interaction;
  const takes = parametersOf(operation);
  const sdkCall: SdkCall = {
    baseUrl,
    token: state === 'the caller shows no token' ? null : TOKEN,
    operation,
    id: CLIENT,
    retries: false,
    ...(takes.type && { type: String(type) }),
    ...(takes.report && { report: reportOf(interaction), unchecked: interaction.status === 400 }),
  };
  return sdk.call(sdkCall);
}

/** Checks the parsed value, or the error with its status, body and Retry-After. */
function checkResult(consumer: ConsumerName, interaction: Interaction, result: SdkResult): void {
  const { status } = interaction;
  const body = Matchers.reify(responseBody(interaction, consumer)) as Record<string, unknown>;
  if (status === 200) {
    expect(result).toEqual({ kind: 'value', value: { ...body, timestamp: timestamps[consumer] } });
    return;
  }
  expect(result).toMatchObject(expectedError(consumer, status));
  const { body: text = '', data } = result as SdkResult & { kind: 'error' };
  expect(JSON.parse(text)).toEqual(body);
  if (isParsed(consumer, status)) expect(data).toMatchObject(body);
  else expect(data).toBeUndefined();
}

/** Without this check a lost interaction would not be noticed. */
describe('the completeness check', () => {
  const table = interactionsOf('typescript-sdk');
  const pact = readFileSync(join(committed, `typescript-sdk-${PROVIDER}.json`), 'utf8');
  const { interactions: written } = JSON.parse(pact) as { interactions: { description: string }[] };
  const withInteractions = (list: unknown[]): string => JSON.stringify({ interactions: list });

  test('lists interactions that a deleted test or a worker lost', () => {
    const { missing } = gapsIn(withInteractions(written.slice(1)), table);
    expect(missing).toHaveLength(1);
    expect(missing[0]).toContain(written[0]?.description);
  });

  test('lists interactions that are no longer sent or are duplicated', () => {
    expect(gapsIn(pact, table.slice(1)).unexpected).toHaveLength(1);
    expect(gapsIn(withInteractions([...written, written[0]]), table).unexpected).toHaveLength(1);
  });

  test('no two interactions share description and state, because Pact would keep only the last', () => {
    const names = interactions.map(({ description, state }) => `${description} | ${state}`);
    expect(new Set(names).size).toBe(names.length);
  });
});
