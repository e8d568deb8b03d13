import type { Outcome } from '../../core/index.ts';
import { BudgetSpentError, permissionFor } from '../../core/client/index.ts';
import { BrokerError } from '../broker/index.ts';
import { burns, isOpen, listEntries, type Entry, type OpenEntry, type Place } from './planned-interaction.ts';
import { notVerifiable, outcomeOfVerified, publicationOutcome, type Verified } from './outcomes.ts';
import type { PactFile, PactInteraction } from './pact-file.ts';
import { prepareState, type StateTools } from './set-up-state.ts';
import { publishResults, type Publication } from './publish-results.ts';
import { verifyPacts, type VerifierProcess, type VerifierResult } from './run-verifier.ts';
import { openTap, type Tapped } from './verifier-proxy.ts';

export interface VerifyOptions extends StateTools {
  readonly pacts: readonly PactFile[];
  readonly verifier: VerifierProcess;
  /** Where the results of pacts from a broker go; undefined where they stay here. */
  readonly publication: Publication | undefined;
}

const STATE = 'prepared';

/**
 * Verifies pacts against a target with Pact's verifier, and hands the same traffic to the judge: a contract that is
 * too loose does not hide a broken promise. Yields one outcome for each interaction, and one for each publication.
 * @throws {VerifierError | BudgetSpentError} after what was verified until then
 */
export async function* verify(options: VerifyOptions): AsyncGenerator<Outcome> {
  for (const [provider, pacts] of Map.groupBy(options.pacts, ({ provider: { name } }) => name)) {
    const entries = listEntries(pacts, options);
    yield* entries.flatMap((entry) =>
      entry.reached.kind === 'obstacle' ? [notVerifiable(entry, entry.reached)] : [],
    );
    const { verified, ended } = await verifyEntries(entries.filter(isOpen), options);
    const outcomes = verified.map(outcomeOfVerified);
    yield* outcomes;
    if (ended !== undefined) throw ended;
    if (options.publication === undefined) continue;
    const why = reasonToWithhold(entries, outcomes);
    yield why === undefined
      ? await publish(provider, verified, options.publication, options.verifier)
      : publicationOutcome(provider, { withheld: why });
  }
}

interface VerifiedEntries {
  readonly verified: readonly Verified[];
  /** What kept the rest from being sent; what was verified until then counts. */
  readonly ended?: unknown;
}

async function verifyEntries(open: readonly OpenEntry[], options: VerifyOptions): Promise<VerifiedEntries> {
  if (open.length === 0) return { verified: [] };
  const traffic = open.map((): Tapped[] => []);
  const troubles = new Map<number, unknown>();
  const tap = await openTap({
    send: options.send,
    async prepare(index) {
      const { expected, before } = await prepareState(entryAt(open, index), options);
      traffic[index]?.push(...before);
      return expected;
    },
    onExchange: (index, tapped) => traffic[index]?.push(tapped),
    onTrouble: (index, error) => troubles.set(index, error),
  });
  const verifiedBy = (results: readonly VerifierResult[]): Verified[] =>
    open.map((entry, index) => ({
      entry,
      traffic: traffic[index] ?? [],
      result: resultOf(entry, index, results),
      trouble: troubles.get(index),
    }));
  try {
    const target = { providerBaseUrl: tap.url, stateUrl: tap.stateUrl, state: STATE };
    const verified = verifiedBy(await verifyPacts(withOwnState(open), target, options.verifier));
    const spent = [...troubles.values()].find((trouble) => trouble instanceof BudgetSpentError);
    return spent === undefined ? { verified } : { verified: verified.filter(hasTraffic), ended: spent };
  } catch (error) {
    // Interrupted, or without its verifier: what was sent was sent, and the judge has seen it.
    return { verified: verifiedBy([]).filter(hasTraffic), ended: error };
  } finally {
    await tap.close();
  }
}

function hasTraffic({ traffic }: Verified): boolean {
  return traffic.length > 0;
}

/** Results are about whole pacts: where one interaction has no verdict, none is published. */
function reasonToWithhold(entries: readonly Entry[], outcomes: readonly Outcome[]): string | undefined {
  if (entries.length === 0) return 'there was nothing to verify';
  const closed = entries.find(({ reached }) => reached.kind === 'obstacle');
  if (closed !== undefined) return `"${closed.name}" is not verifiable here`;
  const open = outcomes.find(({ kind }) => kind !== 'evaluated');
  return open && `"${open.what}" is inconclusive`;
}

async function publish(
  provider: string,
  verified: readonly Verified[],
  publication: Publication,
  child: VerifierProcess,
): Promise<Outcome> {
  const decided = verified.flatMap(({ entry, traffic }) => {
    const last = traffic.at(-1);
    return last === undefined ? [] : [{ entry, sent: last.sent }];
  });
  try {
    const published = await publishResults(provider, decided, publication, child);
    return publicationOutcome(provider, { published });
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    return publicationOutcome(provider, { failed: error.message });
  }
}

/** Requests, writes and used-up quotas that a verification costs. */
export function planVerify(
  pacts: readonly PactFile[],
  place: Place & Pick<StateTools, 'quota'>,
): { readonly requests: number; readonly writes: number; readonly violations: number } {
  const open = listEntries(pacts, place).filter(isOpen);
  const reports = open.filter(({ reached }) => firstOf(reached) === 'report-the-example').length;
  const sent = open.filter(({ interaction }) => permissionFor(interaction.request.method) === 'write').length;
  const burning = open.filter(burns).length;
  // The first uses the quota up, the others only look whether it still is.
  const burnt = burning === 0 ? 0 : place.quota.limit + burning;
  return {
    requests: open.length + reports + burnt,
    writes: sent + reports,
    violations: Math.min(burning, 1),
  };
}

function firstOf(reached: OpenEntry['reached']): string | undefined {
  return reached.kind === 'reached' ? reached.first : undefined;
}

function entryAt(entries: readonly OpenEntry[], index: number): OpenEntry {
  const entry = entries[index];
  if (entry === undefined) throw new Error('there is no such interaction');
  return entry;
}

/** Pacts of what can be verified only, each interaction with our own state, which says its number. */
function withOwnState(entries: readonly OpenEntry[]): PactFile[] {
  const pacts = new Map<PactFile, PactInteraction[]>();
  for (const [index, { pact, interaction }] of entries.entries()) {
    const own = [{ name: STATE, params: { interaction: index } }];
    const description = numbered(index, interaction);
    pacts.set(pact, [...(pacts.get(pact) ?? []), { ...interaction, description, providerStates: own }]);
  }
  return [...pacts].map(([pact, interactions]) => ({ ...pact, interactions }));
}

/** Descriptions are unique together with their state only, and our own state is the same for all. */
function numbered(index: number, { description }: PactInteraction): string {
  return `#${index} ${description}`;
}

function resultOf(
  { interaction }: OpenEntry,
  index: number,
  results: readonly VerifierResult[],
): VerifierResult | undefined {
  return results.find(({ description }) => description === numbered(index, interaction));
}
