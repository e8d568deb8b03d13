import { printable } from '../printable.ts';
import type { Report, ReportedLayer } from '../report.ts';
import { limited } from './text.ts';

const MAX_REASONS = 3;
const MAX_LENGTH = 1024;

/** Why layers have no verdict or did not complete: a line for each. Empty for complete runs. */
export function inconclusiveReasons({ layers, notRun }: Report): string[] {
  const reasons =
    layers.length === 0
      ? ['No layer ran.', ...notRun.map(({ name, reason }) => `${name}: ${reason}`)]
      : layers.filter(({ verdict, stopped }) => verdict === 'inconclusive' || stopped !== null).map(reasonOf);
  return reasons.map((reason) => limited(printable(reason), MAX_LENGTH));
}

/** The reason of one layer, in one line. */
function reasonOf({ name, stopped, evaluated, attempted, inconclusive }: ReportedLayer): string {
  if (stopped !== null) return `${name}: ${stopped}`;
  const reasons = [...new Set(inconclusive.map(({ reason }) => reason))].slice(0, MAX_REASONS);
  return `${name}: ${[`${evaluated} of ${attempted} evaluated`, ...reasons].join('; ')}`;
}
