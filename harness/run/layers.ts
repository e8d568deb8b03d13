import { BrokerError } from '../../contracts/broker/index.ts';
import * as contracts from '../../contracts/index.ts';
import type { Emit } from '../../core/index.ts';
import type { Cost } from '../../core/client/index.ts';
import * as load from '../../load/index.ts';
import * as property from '../../property/index.ts';
import { environment, type HarnessError } from '../errors.ts';
import { withContractsContext } from './contexts/contracts.ts';
import type { LayerInput } from './contexts/layer-input.ts';
import { k6Options, loadContext } from './contexts/load.ts';
import { propertyContext } from './contexts/property.ts';
import type { LayerName } from './layer-names.ts';
import { openLoadTrace } from './load-trace.ts';
import type { Progress } from './progress.ts';
import type { Replay } from './replay/replay.ts';

export interface Layer {
  /** Estimates the cost if all checks pass. */
  plan(input: LayerInput): Promise<Cost>;
  /** Emits outcomes. Rejects if the layer cannot continue. */
  run(input: LayerInput, emit: Emit<Replay>, progress: Progress): Promise<void>;
}

/** A layer has one entry here and one in layer-names.ts. */
export const layers: Record<LayerName, Layer> = {
  contracts: {
    plan: (input) => withContractsContext(input, (context) => Promise.resolve(contracts.plan(context))),
    run: (input, emit) => withContractsContext(input, (context) => contracts.run(context, emit)),
  },
  property: {
    plan: (input) => Promise.resolve(property.plan(propertyContext(input))),
    run: (input, emit) => property.run(propertyContext(input), emit),
  },
  load: {
    plan: (input) => Promise.resolve(load.plan(loadContext(input, ''))),
    async run(input, emit, progress) {
      const { settings, traffic } = input.session;
      const binary = await load.resolveK6(k6Options(settings, input.env), progress);
      const trace = openLoadTrace(settings.reports);
      try {
        const onExchange: typeof trace.add = (scenario, exchange) => {
          trace.add(scenario, exchange);
          traffic.addLoad(scenario, exchange);
        };
        await load.run({ ...loadContext(input, binary), onExchange }, emit);
      } finally {
        await trace.close();
      }
    },
  },
};

/** Explains an error of a layer; undefined if it is unexpected. */
export function explainLayerError(error: unknown): HarnessError | undefined {
  const problem = error instanceof Error ? error.message : String(error);
  if (error instanceof load.K6MissingError || error instanceof load.K6Error) {
    return environment('k6.failed', { problem }, error);
  }
  if (error instanceof BrokerError) return environment('broker.failed', { problem }, error);
  if (error instanceof contracts.PactFileError) return environment('pacts.unusable', { problem }, error);
  if (error instanceof contracts.VerifierError) return environment('verifier.failed', { problem }, error);
  return undefined;
}
