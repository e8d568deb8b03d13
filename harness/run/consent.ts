import { createInterface } from 'node:readline/promises';

import { environment, usage } from '../errors.ts';
import type { Io } from '../io.ts';
import { costsOf, makePlan, type Plan } from './plan.ts';
import type { Session } from './session.ts';

/**
 * Writes and load on another machine need a yes to their costs, from --yes or from a person at the terminal.
 * @throws {HarnessError} where there is none
 */
export async function askConsent(session: Session, io: Io, plan?: Plan): Promise<void> {
  const { settings } = session;
  const isHarmless =
    settings.target.kind !== 'remote' || settings.allow.every((permission) => permission === 'read');
  if (isHarmless || settings.yes) return;
  const costs = costsOf(plan ?? (await makePlan(session, io.env)));
  if (io.stdin.isTTY !== true) throw usage('consent.needed', { costs });
  const prompt = createInterface({ input: io.stdin, output: io.stderr });
  const question = `This sends ${costs} to ${settings.target.url}. Go on? (yes/no) `;
  const answer = await prompt.question(question).catch(() => 'no');
  prompt.close();
  if (answer.trim().toLowerCase() !== 'yes') throw environment('consent.refused');
}
