import { afterAll, beforeAll, describe, test } from '@jest/globals';

import { openSdk } from '../open-sdk.ts';
import { consumerNames, type ConsumerName, type Sdk } from '../sdk.ts';
import { areConsumersRequired, missingToolchain } from '../toolchain.ts';

/** A missing toolchain skips its consumer; in a pipeline it is an error. */
const isRequired = areConsumersRequired(process.env);

const missing = new Map(
  await Promise.all(
    consumerNames.map(async (name) => [name, await missingToolchain(name, process.env)] as const),
  ),
);

/** The first test on a machine downloads and builds the SDK. */
const INSTALLATION_MS = 300_000;

/** Declares the same tests for each consumer, with its running SDK. */
export function describeEachSdk(body: (consumer: ConsumerName, sdk: () => Sdk) => void): void {
  for (const consumer of consumerNames) {
    const reason = missing.get(consumer);
    if (reason !== undefined && !isRequired) {
      // oxlint-disable-next-line jest/no-disabled-tests jest/expect-expect -- the reason is in its name
      test.skip(`${consumer}: ${reason}`, () => undefined);
      continue;
    }
    describe(`the ${consumer}`, () => {
      let sdk: Sdk | undefined;
      beforeAll(async () => {
        sdk = await openSdk(consumer, { env: process.env, onWork: () => undefined });
      }, INSTALLATION_MS);
      afterAll(() => sdk?.close());
      body(consumer, () => {
        if (sdk === undefined) throw new Error(`the ${consumer} is not running`);
        return sdk;
      });
    });
  }
}
