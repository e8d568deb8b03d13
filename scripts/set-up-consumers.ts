import { openSdk } from '../contracts/consumers/open-sdk.ts';
import { consumerNames } from '../contracts/consumers/sdk.ts';
import { ToolchainMissingError } from '../contracts/consumers/toolchain.ts';

/** Makes every SDK ready that this machine can drive. @returns a line for each */
export async function setUpConsumers(): Promise<string[]> {
  const lines: string[] = [];
  for (const consumer of consumerNames) {
    const onWork = (what: string): unknown => process.stderr.write(`${what}, which happens once\n`);
    try {
      const sdk = await openSdk(consumer, { env: process.env, onWork });
      await sdk.close();
      lines.push(`✓ ${consumer}`);
    } catch (error) {
      if (!(error instanceof ToolchainMissingError)) throw error;
      lines.push(`✗ ${consumer}: ${error.message}`);
    }
  }
  return lines;
}
