import { createInterface } from 'node:readline/promises';

import { environment, usage } from '../errors.ts';
import type { Io } from '../io.ts';
import { describeCosts, makePlan, type Plan } from './plan.ts';
import type { Session } from './session.ts';

/**
 * Asks for consent to writes and load on a remote target, unless `--yes` is given.
 * @throws {HarnessError} without consent
 */
export async function askConsent(session: Session, io: Io, plan?: Plan): Promise<void> {
  const { target, allow, yes } = session.settings;
  const onlyReads = allow.every((permission) => permission === 'read');
  if (target.kind !== 'remote' || onlyReads || yes) return;
  const costs = describeCosts(plan ?? (await makePlan(session, io.env)));
  if (io.stdin.isTTY !== true) throw usage('consent.needed', { costs });
  const prompt = createInterface({ input: io.stdin, output: io.stderr });
  const question = `This sends about ${costs} to ${target.url}, and more if checks fail (limit: --max-requests). Continue? (yes/no) `;
  const answer = await prompt.question(question).catch(() => 'no');
  prompt.close();
  if (answer.trim().toLowerCase() !== 'yes') throw environment('consent.refused');
}
