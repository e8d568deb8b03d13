// `npm run consumers`: installs the pinned SDKs of all consumers and prints which of them can run on this machine.
import { openSdk } from '../contracts/consumers/open-sdk.ts';
import { consumerNames, type ConsumerName } from '../contracts/consumers/sdk.ts';
import { ToolchainMissingError } from '../contracts/consumers/toolchain.ts';

async function setUp(consumer: ConsumerName): Promise<string> {
  const onWork = (work: string): unknown => process.stderr.write(`${work}, which happens once\n`);
  try {
    const sdk = await openSdk(consumer, { env: process.env, onWork });
    await sdk.close();
    return `✓ ${consumer}\n`;
  } catch (error) {
    if (!(error instanceof ToolchainMissingError)) throw error;
    return `✗ ${consumer}: ${error.message}\n`;
  }
}

for (const consumer of consumerNames) process.stdout.write(await setUp(consumer));
