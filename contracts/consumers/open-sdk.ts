import { startDriver } from './driver.ts';
import type { ConsumerName, Sdk } from './sdk.ts';
import { setUpGo, setUpPython, type SdkSetUp } from './toolchain.ts';
import { typescriptSdk } from './typescript/sdk.ts';

const openers: Record<ConsumerName, (setUp: SdkSetUp) => Promise<Sdk>> = {
  'typescript-sdk': () => Promise.resolve(typescriptSdk),
  'python-sdk': async (setUp) => startDriver(await setUpPython(setUp)),
  'go-sdk': async (setUp) => startDriver(await setUpGo(setUp)),
};

/**
 * Installs and starts an SDK.
 * @throws {ToolchainMissingError}
 */
export function openSdk(consumer: ConsumerName, setUp: SdkSetUp): Promise<Sdk> {
  return openers[consumer](setUp);
}
