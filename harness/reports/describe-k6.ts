import type { K6Lookup } from '../../load/index.ts';

/** Where k6 is, or what the first command that runs it will do. */
export function describeK6(found: K6Lookup): { readonly isFine: boolean; readonly says: string } {
  if (found.kind === 'found') return { isFine: true, says: found.binary };
  const { release, canBuild } = found;
  const build = 'builds it with Go, which takes one to four minutes';
  if (release !== undefined) {
    const otherwise = canBuild ? `, or ${build}` : '';
    return {
      isFine: true,
      says: `not here; the load layer downloads k6 ${release.version} from ${release.url}${otherwise}`,
    };
  }
  if (canBuild) return { isFine: true, says: `not here; the load layer ${build}` };
  return {
    isFine: false,
    says: 'not here, and there is no way to get it: install k6 2.x, set K6_BIN, or install Go 1.26',
  };
}
