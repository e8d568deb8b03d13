import { afterAll, beforeAll, describe, test } from '@jest/globals';

import { openSdk } from '../open-sdk.ts';
import { consumerNames, type ConsumerName, type Sdk } from '../sdk.ts';
import { areConsumersRequired, missingToolchain } from '../toolchain.ts';

/** On a person's machine a missing toolchain skips its consumer by name; in a pipeline it is an error. */
const isRequired = areConsumersRequired(process.env);

const missing = new Map(
  await Promise.all(
    consumerNames.map(async (name) => [name, await missingToolchain(name, process.env)] as const),
  ),
);

/** Test support: declares the same tests for every consumer, with its SDK opened once. */
export function describeEachSdk(body: (consumer: ConsumerName, sdk: () => Sdk) => void): void {
  for (const consumer of consumerNames) {
    const reason = missing.get(consumer);
    if (reason !== undefined && !isRequired) {
      // oxlint-disable-next-line jest/no-disabled-tests jest/expect-expect -- the reason is in its name
      test.skip(`${consumer}: ${reason}`, () => undefined);
      continue;
    }
    describe(`the ${consumer}`, () => {
      let sdk: Sdk;
      beforeAll(async () => {
        sdk = await openSdk(consumer, { env: process.env, onWork: () => undefined });
      });
      afterAll(() => sdk.close());
      body(consumer, () => sdk);
    });
  }
}
