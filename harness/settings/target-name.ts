import type { RunSettings } from './run-settings.ts';

/** What a target is called in sentences, so that nobody takes the built-in provider for their own service. */
export function targetName({
  kind,
  url,
  fault,
}: {
  readonly kind: RunSettings['target']['kind'];
  readonly url: string;
  readonly fault: string | null;
}): string {
  const planted = fault === null ? '' : ` with the fault ${fault}`;
  return kind === 'reference' ? `reference provider (built in)${planted}` : url;
}

/** The same for a target that is open. */
export function nameOfTarget({ target }: RunSettings, url: string): string {
  const fault = target.kind === 'reference' ? (target.fault ?? null) : null;
  return targetName({ kind: target.kind, url, fault });
}
