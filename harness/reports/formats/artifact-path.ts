import { printable } from '../printable.ts';

const FALLBACK = 'report.json';

/** Names a drive, a scheme or a host. */
const ABSOLUTE = /^(?:[a-z][a-z0-9+.-]*:|\/)/i;

/**
 * The path of a file of the user's repository, with slashes. GitHub rejects the whole report if one path is absolute or a
 * URL, so that these become the name of the report.
 */
export function artifactPath(artifact: string): string {
  const path = artifact.replaceAll('\\', '/').replace(/^(?:\.\/+)+/, '');
  const isUsable = path !== '' && path === printable(path) && !ABSOLUTE.test(path);
  return isUsable && !path.split('/').includes('..') ? path : FALLBACK;
}
