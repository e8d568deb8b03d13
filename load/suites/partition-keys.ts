import type { SkipReason } from '../../core/index.ts';
import { judgeKey } from '../analysis/limiter/partition-keys.ts';
import type { LoadContext, LoadRunContext } from '../context.ts';
import { conclusion, skipped } from '../runner/outcomes.ts';
import { partitionKeyNames, type PartitionKey } from '../scripts/limiter/partition-keys.ts';
import type { LoadExchange } from '../scripts/trace.ts';

export type KeyContext = Pick<LoadContext, 'availableTokens' | 'permissions' | 'secondManagedClient'>;

type Skip = readonly [SkipReason, Readonly<Record<string, string>>];

/** Why a partition key cannot be tested on this target, or undefined. */
function reasonToSkip(key: PartitionKey, context: KeyContext): Skip | undefined {
  const { availableTokens, permissions, secondManagedClient } = context;
  if (key === 'client' && !availableTokens.includes('other')) return ['no-principal', { principal: 'other' }];
  if (key === 'token' && !availableTokens.includes('second')) return ['ready-token', {}];
  if (key === 'operation' && !permissions.allows('write')) return ['not-allowed', { permission: 'write' }];
  if (key === 'managed-client' && secondManagedClient === undefined) return ['no-second-client', {}];
  return undefined;
}

/** The partition keys that can be tested on this target. */
export function testableKeys(context: KeyContext): PartitionKey[] {
  return partitionKeyNames.filter((key) => reasonToSkip(key, context) === undefined);
}

/** Emits an outcome for each partition key. */
export function judgeKeys(exchanges: readonly LoadExchange[], context: LoadRunContext): void {
  const { emit, quota } = context;
  for (const key of partitionKeyNames) {
    const name = `key ${key}`;
    const skip = reasonToSkip(key, context);
    const judged = skip === undefined ? judgeKey(key, exchanges, quota) : undefined;
    if (skip !== undefined) emit(skipped(name, 'partition-keys', ...skip));
    else if (typeof judged === 'string') emit(skipped(name, 'partition-keys', judged));
    else if (judged !== undefined) emit(conclusion(name, 'partition-keys', judged));
  }
}
