import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from '@jest/globals';
import { Matchers, Pact } from '@pact-foundation/pact';

import { operations, PROVIDER } from '../../core/index.ts';
import { gapsIn } from './completeness.ts';
import { reportOf } from './examples.ts';
import { handedError, isParsed, timestamps } from './sdk-errors.ts';
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
import type { ConsumerName, Handed, Question, Sdk } from './sdk.ts';
import { describeEachSdk } from './test-support/describe-each-sdk.ts';

const committed = join(import.meta.dirname, '..', 'pacts');
const fresh = mkdtempSync(join(tmpdir(), 'mch-pacts-'));
afterAll(() => rmSync(fresh, { recursive: true, force: true }));

describeEachSdk((consumer, sdk) => {
  const file = `${consumer}-${PROVIDER}.json`;
  const pact = new Pact({ consumer, provider: PROVIDER, dir: fresh, logLevel: 'error' });

  test.each(interactionsOf(consumer))('understands $status to $description', async (interaction) => {
    expect.hasAssertions();
    await builderFor(pact, consumer, interaction).executeTest(async ({ url }) => {
      checkHanded(consumer, interaction, await ask(sdk(), url, interaction));
    });
  });

  test('writes its whole pact, byte for byte the committed one', () => {
    const written = readFileSync(join(fresh, file), 'utf8');
    expect(gapsIn(written, interactionsOf(consumer))).toEqual({ lost: [], stray: [] });
    if (process.env['MCH_UPDATE_PACTS'] === 'true') writeFileSync(join(committed, file), written);
    expect(readFileSync(join(committed, file), 'utf8')).toBe(written);
  });
});

function builderFor(pact: Pact, consumer: ConsumerName, interaction: Interaction) {
  const { description, operation, state, params, status, type = 'CCG' } = interaction;
  return pact
    .addInteraction()
    .given(state, params === undefined ? undefined : { ...params })
    .uponReceiving(description)
    .withRequest(operations[operation].method, path(interaction), (request) => {
      request.headers(authorization(interaction, consumer));
      if (operation === 'getManagedClientStatus') request.query({ type: String(type) });
      else request.jsonBody(requestBody(interaction));
    })
    .willRespondWith(status, (response) => {
      response.headers(responseHeaders(interaction));
      response.jsonBody(responseBody(interaction, consumer));
    });
}

function ask(sdk: Sdk, baseUrl: string, interaction: Interaction): Promise<Handed> {
  const { operation, state, type = 'CCG' } = interaction;
  const isRead = operation === 'getManagedClientStatus';
  const question: Question = {
    baseUrl,
    token: state === 'the caller shows no token' ? null : TOKEN,
    operation,
    id: CLIENT,
    retries: false,
    ...(isRead
      ? { type: String(type) }
      : { report: reportOf(interaction), unchecked: interaction.status === 400 }),
  };
  return sdk.call(question);
}

/** What the SDK hands its caller: the parsed value, or its error with status, body and Retry-After. */
function checkHanded(consumer: ConsumerName, interaction: Interaction, handed: Handed): void {
  const { status } = interaction;
  const body = Matchers.reify(responseBody(interaction, consumer)) as Record<string, unknown>;
  if (status === 200) {
    expect(handed).toEqual({ kind: 'value', value: { ...body, timestamp: timestamps[consumer] } });
    return;
  }
  expect(handed).toMatchObject(handedError(consumer, status));
  const { body: text = '', data } = handed as Handed & { kind: 'error' };
  expect(JSON.parse(text)).toEqual(body);
  if (isParsed(consumer, status)) expect(data).toMatchObject(body);
  else expect(data).toBeUndefined();
}

/** The guard is what keeps a lost interaction from passing unseen, so it is tested itself. */
describe('the completeness guard', () => {
  const table = interactionsOf('typescript-sdk');
  const pact = readFileSync(join(committed, `typescript-sdk-${PROVIDER}.json`), 'utf8');
  const { interactions: written } = JSON.parse(pact) as { interactions: { description: string }[] };
  const withInteractions = (list: unknown[]): string => JSON.stringify({ interactions: list });

  test('names what a deleted test or a worker lost', () => {
    const gaps = gapsIn(withInteractions(written.slice(1)), table);
    expect(gaps.lost).toHaveLength(1);
    expect(gaps.lost[0]).toContain(written[0]?.description);
  });

  test('names what nobody sends any more, and what was written twice', () => {
    expect(gapsIn(pact, table.slice(1)).stray).toHaveLength(1);
    expect(gapsIn(withInteractions([...written, written[0]]), table).stray).toHaveLength(1);
  });

  test('no two interactions share description and state, for Pact keeps the last of them only', () => {
    const names = interactions.map(({ description, state }) => `${description} | ${state}`);
    expect(new Set(names).size).toBe(names.length);
  });
});
