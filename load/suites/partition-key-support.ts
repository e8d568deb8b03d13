import type { ObstacleCode } from '../../core/index.ts';
import { dimensionNames, type Dimension } from '../scripts/dimensions.ts';
import type { LoadOptions } from '../runner/run-scenario.ts';

/** Whoever asks a limiter. */
export type Asker = Pick<LoadOptions, 'has' | 'guard' | 'secondClient'>;

type Obstacle = readonly [ObstacleCode, Readonly<Record<string, string>>];

/** What cannot be asked here of a limiter, and why. */
export function obstacleTo(dimension: Dimension, options: Asker): Obstacle | undefined {
  const { has, guard, secondClient } = options;
  if (dimension === 'client' && !has.includes('other')) return ['no-principal', { principal: 'other' }];
  if (dimension === 'token' && !has.includes('second')) return ['ready-token', {}];
  if (dimension === 'operation' && !guard.allows('write')) return ['not-allowed', { permission: 'write' }];
  if (dimension === 'managed-client' && secondClient === undefined) return ['no-second-client', {}];
  return undefined;
}

/** The dimensions that can be asked of. */
export function askable(options: Asker): Dimension[] {
  return dimensionNames.filter((dimension) => obstacleTo(dimension, options) === undefined);
}
