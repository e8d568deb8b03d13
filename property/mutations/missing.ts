import * as fc from 'fast-check';

import { type ManagedClientStatus, reportMembers, type ReportMember } from '../../core/index.ts';
import { bodyMutation, type AnyMutation } from './mutation.ts';

const renamings: Record<string, (name: string) => string> = {
  upper: (name) => name.toUpperCase(),
  title: (name) => name[0]?.toUpperCase() + name.slice(1),
  padded: (name) => ` ${name}`,
  zwsp: (name) => `${name}\u200B`,
  // Services that fold case or normalize Unicode take these letters for ASCII ones.
  'long-s': (name) => (name.includes('s') ? name.replace('s', '\u017F') : fullWidthEnd(name)),
  underscore: (name) => `_${name}`,
  nul: (name) => `${name}\0`,
};

/** `type` → `typｅ` */
function fullWidthEnd(name: string): string {
  return name.slice(0, -1) + String.fromCodePoint((name.codePointAt(name.length - 1) ?? 0) + 0xfee0);
}

/** Members that are missing or renamed. */
export const missing: readonly AnyMutation[] = reportMembers.flatMap((member) => [
  absent('missing', member, ({ [member]: _, ...rest }) => rest),
  ...Object.entries(renamings).map(([name, rename]) =>
    absent(`rename-${name}`, member, ({ [member]: value, ...rest }) => ({
      ...rest,
      [rename(member)]: value,
    })),
  ),
]);

function absent(
  operator: string,
  member: ReportMember,
  change: (report: ManagedClientStatus) => object,
): AnyMutation {
  return bodyMutation({
    name: `${operator}@${member}`,
    fingerprintClass: `required@${member}`,
    expectation: 'reject',
    effect: { kind: 'schema-error', site: `/${member}` },
    param: fc.constant(null),
    body: (report) => JSON.stringify(change(report)),
    before: (report) => `${member}: ${JSON.stringify(report[member])}`,
    after: (report) => `members ${Object.keys(change(report)).join(', ')}`,
  });
}
