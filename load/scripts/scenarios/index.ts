import type { BenchScenarioName, ScenarioName } from '../trace.ts';
import { boundary } from './boundary.ts';
import { breakpoint } from './breakpoint.ts';
import { charged } from './charged.ts';
import { clients } from './clients.ts';
import { flood } from './flood.ts';
import { identify } from './identify.ts';
import { over } from './over.ts';
import { parallel } from './parallel.ts';
import { recover } from './recover.ts';
import type { Scenario } from './scenario.ts';
import { smoke } from './smoke.ts';
import { stressed } from './stress.ts';
import { under } from './under.ts';

export const scenarios: Record<ScenarioName | BenchScenarioName, Scenario> = {
  smoke,
  over,
  recover,
  under,
  parallel,
  boundary,
  charged,
  breakpoint,
  average: stressed('average'),
  mixed: stressed('mixed'),
  spike: stressed('spike'),
  soak: stressed('soak'),
  polite: clients('polite'),
  impatient: clients('impatient'),
  identify,
  flood,
};
