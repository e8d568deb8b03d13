import type { BenchScenarioName, ScenarioName } from '../load-task.ts';
import { belowQuota } from './below-quota.ts';
import { breakpoint } from './breakpoint.ts';
import { concurrentBurst } from './concurrent-burst.ts';
import { exceedQuota } from './exceed-quota.ts';
import { flood } from './flood.ts';
import { identify } from './identify.ts';
import { recovery } from './recovery.ts';
import type { Scenario } from './scenario.ts';
import { smoke } from './smoke.ts';
import { stress } from './stress.ts';
import { unservedCost } from './unserved-cost.ts';
import { users } from './users.ts';
import { windowEdge } from './window-edge.ts';

export const scenarios: Record<ScenarioName | BenchScenarioName, Scenario> = {
  smoke,
  'exceed-quota': exceedQuota,
  recovery,
  'below-quota': belowQuota,
  'concurrent-burst': concurrentBurst,
  'window-edge': windowEdge,
  'unserved-cost': unservedCost,
  breakpoint,
  average: stress('average'),
  mixed: stress('mixed'),
  spike: stress('spike'),
  soak: stress('soak'),
  polite: users('polite'),
  impatient: users('impatient'),
  identify,
  flood,
};
