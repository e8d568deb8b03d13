import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from '@jest/globals';
import { Pact } from '@pact-foundation/pact';

import { operations } from '../../index.ts';
import { interactions, PROVIDER, type Interaction } from '../interactions.ts';
import { authorization, path, requestBody, responseBodies, retryAfter } from '../matchers.ts';
import { TypeScriptClient, type Handed } from './client.ts';

const CONSUMER = 'typescript-sdk';
const FILE = `${CONSUMER}-${PROVIDER}.json`;
const committed = join(import.meta.dirname, '..', '..', 'pacts', FILE);
const fresh = mkdtempSync(join(tmpdir(), 'mch-pacts-'));
const pact = new Pact({ consumer: CONSUMER, provider: PROVIDER, dir: fresh, logLevel: 'error' });

afterAll(() => rmSync(fresh, { recursive: true, force: true }));

const ID = 'aClientId';
const REPORT = { body: { id: '4711', state: null }, type: 'CCG', timestamp: '2024-03-11T08:00:00.000000Z' };

function call(
  client: TypeScriptClient,
  { operation, type = 'CCG', reportedStatus = 'NORMAL' }: Interaction,
): Promise<Handed> {
  if (operation === 'getManagedClientStatus') return client.read(ID, type);
  return client.report(ID, { ...REPORT, status: reportedStatus });
}

describe('the TypeScript SDK', () => {
  test.each(interactions)('understands $status to $description', async (interaction) => {
    const { description, operation, state, status, type = 'CCG', reportedStatus = 'NORMAL' } = interaction;
    const { method } = operations[operation];
    await pact
      .addInteraction()
      .given(state)
      .uponReceiving(description)
      .withRequest(method, path, (request) => {
        request.headers({ Authorization: authorization });
        if (method === 'GET') request.query({ type });
        else request.jsonBody(requestBody(reportedStatus));
      })
      .willRespondWith(status, (response) => {
        response.headers(status === 429 ? { 'Retry-After': retryAfter } : {});
        response.jsonBody(responseBodies[status]);
      })
      .executeTest(async ({ url }) => {
        const handed = await call(new TypeScriptClient(url, 'example-token'), interaction);
        expect(handed.status).toBe(status);
        expect(Object.keys(handed.body as object).toSorted()).toEqual(
          Object.keys(responseBodies[status]).toSorted(),
        );
        if (status === 429) expect(handed.retryAfter).toBe('10');
      });
  });

  test('writes the committed pact, byte for byte', () => {
    const written = readFileSync(join(fresh, FILE), 'utf8');
    if (process.env['MCH_UPDATE_PACTS'] === 'true') writeFileSync(committed, written);
    expect((JSON.parse(written) as { interactions: unknown[] }).interactions).toHaveLength(
      interactions.length,
    );
    expect(readFileSync(committed, 'utf8')).toBe(written);
  });
});
