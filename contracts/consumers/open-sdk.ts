import { startDriver } from './driver.ts';
import type { ConsumerName, Sdk } from './sdk.ts';
import { setUpGo, setUpPython, type SetUp } from './toolchain.ts';
import { typescriptSdk } from './typescript/sdk.ts';

const openers: Record<ConsumerName, (setUp: SetUp) => Promise<Sdk>> = {
  'typescript-sdk': () => Promise.resolve(typescriptSdk),
  'python-sdk': async (setUp) => startDriver(await setUpPython(setUp)),
  'go-sdk': async (setUp) => startDriver(await setUpGo(setUp)),
};

/** Makes an SDK ready to be called. @throws {ToolchainMissingError} where this machine cannot */
export function openSdk(consumer: ConsumerName, setUp: SetUp): Promise<Sdk> {
  return openers[consumer](setUp);
}
