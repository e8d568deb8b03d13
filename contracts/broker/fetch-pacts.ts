import { NotAPactError, readDocument } from '../pact-files/parse-pact.ts';
import type { PactFile, PactOrigin, PactSet, UnreadableFile, Written } from '../pact-files/pact-file.ts';
import { isObject, objectIn } from '../pact-files/parse-interaction.ts';
import { BrokerError, type BrokerProblem } from './broker-error.ts';
import { linkIn, type BrokerClient } from './client.ts';

/** Which pacts the broker selects, with the names of Pact's tools. */
export interface PactSelection {
  readonly consumerVersionSelectors: readonly Written[];
  /** The branch of the provider. It decides which pacts are pending. */
  readonly providerVersionBranch: string;
  readonly enablePending: boolean;
  /** The earliest date of work-in-progress pacts. Undefined leaves them out. */
  readonly includeWipPactsSince: string | undefined;
}

const FOR_VERIFICATION = 'pb:provider-pacts-for-verification';

/**
 * Fetches the pacts of a provider that the broker selects. A provider that it does not know has no pacts.
 * @throws {BrokerError}
 */
export async function fetchPacts(
  client: BrokerClient,
  provider: string,
  selection: PactSelection,
): Promise<PactSet> {
  const { consumerVersionSelectors, providerVersionBranch, enablePending, includeWipPactsSince } = selection;
  const address = linkIn(await indexOf(client), FOR_VERIFICATION, { provider });
  if (address === undefined) throw new BrokerError('broker.no-broker', { url: client.url });
  const reply = await client.send('POST', address, {
    consumerVersionSelectors,
    providerVersionBranch,
    includePendingStatus: enablePending,
    ...(enablePending && includeWipPactsSince !== undefined && { includeWipPactsSince }),
  });
  const listed = objectIn(reply?.document['_embedded'])['pacts'];
  const pacts: PactFile[] = [];
  const unreadable: UnreadableFile[] = [];
  for (const entry of Array.isArray(listed) ? listed.filter(isObject) : []) {
    const fetched = await fetchListed(client, entry);
    if ('problem' in fetched) unreadable.push(fetched);
    else pacts.push(fetched);
  }
  return { pacts: pacts.toSorted(byConsumer), unreadable };
}

/** A query may contain a token. */
function withoutQuery(url: string): string {
  return url.split('?')[0] ?? '';
}

/** The index of the broker. @throws {BrokerError} */
export async function indexOf(client: BrokerClient): Promise<Written> {
  const index = await client.send('GET', '/');
  if (index === undefined) throw new BrokerError('broker.no-broker', { url: client.url });
  return index.document;
}

/** Fetches one pact, such as the one that a webhook names. @throws {BrokerError | PactFileError} */
export async function fetchPact(client: BrokerClient, url: string): Promise<PactFile> {
  const reply = await client.send('GET', url);
  if (reply === undefined) throw new BrokerError('broker.no-pact', { url: withoutQuery(url) });
  return pactFrom(reply.document, url, {});
}

/** Errors that other pacts of the broker need not have. */
const ABOUT_ONE_PACT: readonly BrokerProblem[] = [
  'broker.no-pact',
  'broker.failing',
  'broker.redirect',
  'broker.unauthorized',
  'broker.elsewhere',
];

/** A pact that cannot be read does not prevent the verification of the others. */
async function fetchListed(client: BrokerClient, entry: Written): Promise<PactFile | UnreadableFile> {
  const path = linkIn(entry, 'self') ?? '';
  try {
    const reply = await client.send('GET', path);
    if (reply === undefined) throw new BrokerError('broker.no-pact', { url: path });
    return pactFrom(reply.document, path, entry);
  } catch (error) {
    const isAboutPact =
      error instanceof NotAPactError || (error instanceof BrokerError && ABOUT_ONE_PACT.includes(error.code));
    if (!isAboutPact) throw error;
    return { path, kind: 'broken', problem: error.message };
  }
}

/** @param entry the entry in the list of the broker, which has the reason for the selection */
function pactFrom(document: Written, url: string, entry: Written): PactFile {
  const properties = objectIn(entry['verificationProperties']);
  const { name } = objectIn(objectIn(document['_links'])['pb:consumer-version']);
  const origin: PactOrigin = {
    url,
    consumerVersion: typeof name === 'string' ? name : '',
    isPending: properties['pending'] === true,
    selectedBy: reasonIn(properties) ?? textIn(entry['shortDescription']),
    resultsUrl: linkIn(document, 'pb:publish-verification-results'),
  };
  return { ...readDocument(document, url), origin };
}

/** The criteria in the notice of the broker, which it lists below a sentence. */
function reasonIn({ notices }: Written): string | undefined {
  const texts = (Array.isArray(notices) ? notices.filter(isObject) : [])
    .filter(({ when }) => when === 'before_verification')
    .map(({ text }) => textIn(text));
  const criteria = texts.flatMap((text) =>
    [...text.matchAll(/^\s*\* (.+)$/gm)].map(([, one = '']) => one.trim()),
  );
  if (criteria.length > 0) return criteria.join('; ');
  const [workInProgress] = texts.flatMap(
    (text) => /'work in progress' pact \(ie\. ([^)]+)\)/.exec(text)?.[1] ?? [],
  );
  return workInProgress === undefined ? undefined : `work in progress: ${workInProgress}`;
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Makes the order of reports independent of the broker. */
function byConsumer(one: PactFile, other: PactFile): number {
  const key = ({ consumer, origin }: PactFile): string => `${consumer.name} ${origin?.consumerVersion}`;
  return key(one).localeCompare(key(other));
}
