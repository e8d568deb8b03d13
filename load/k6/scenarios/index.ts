import type { BenchScenarioName, ScenarioName } from '../trace.ts';
import { boundary } from './boundary.ts';
import { charged } from './charged.ts';
import { flood } from './flood.ts';
import { identify } from './identify.ts';
import { over } from './over.ts';
import { parallel } from './parallel.ts';
import { recover } from './recover.ts';
import type { Scenario } from './scenario.ts';
import { smoke } from './smoke.ts';
import { under } from './under.ts';

export const scenarios: Record<ScenarioName | BenchScenarioName, Scenario> = {
  smoke,
  over,
  recover,
  under,
  parallel,
  boundary,
  charged,
  identify,
  flood,
};
