import { withoutCredentials } from '../../core/node/index.ts';
import type { K6Lookup } from '../../load/index.ts';

/** Describes the installed k6, or how the load layer will install it. */
export function describeK6(lookup: K6Lookup): {
  readonly isAvailable: boolean;
  readonly description: string;
} {
  if (lookup.kind === 'found') return { isAvailable: true, description: lookup.binary };
  const { release, canBuild } = lookup;
  const build = 'builds it with Go, which takes one to four minutes';
  if (release !== undefined) {
    const fallback = canBuild ? `, or ${build}` : '';
    const download = `not installed; the load layer downloads k6 ${release.version} from ${withoutCredentials(release.url)}`;
    return { isAvailable: true, description: `${download}${fallback}` };
  }
  if (canBuild) return { isAvailable: true, description: `not installed; the load layer ${build}` };
  return {
    isAvailable: false,
    description: 'not installed, and it cannot be: install k6 2.x, set K6_BIN, or install Go 1.26',
  };
}
