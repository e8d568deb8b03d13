import type { ContractsReplay } from '../../../contracts/index.ts';
import type { LoadReplay } from '../../../load/index.ts';
import type { PropertyReplay } from '../../../property/index.ts';
import type { PreflightReplay } from '../preflight.ts';

/** The data to reproduce a finding. */
export type Replay = PreflightReplay | ContractsReplay | PropertyReplay | LoadReplay;
