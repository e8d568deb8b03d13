import type { RunSettings } from './run-settings.ts';

interface NamedTarget {
  readonly kind: RunSettings['target']['kind'];
  readonly url: string;
  readonly fault: string | null;
}

/** The name of a target in messages. It distinguishes the built-in provider from the user's service. */
export function targetName({ kind, url, fault }: NamedTarget): string {
  const planted = fault === null ? '' : ` with the fault ${fault}`;
  return kind === 'reference' ? `reference provider (built in)${planted}` : url;
}

export function nameOfTarget({ target }: RunSettings, url: string): string {
  const fault = target.kind === 'reference' ? (target.fault ?? null) : null;
  return targetName({ kind: target.kind, url, fault });
}
