import {
  baseReport,
  buildRequest,
  readableTypes,
  readText,
  type Exchange,
  type ReadableType,
} from '../../core/index.ts';
import { parseExact } from '../../core/node/index.ts';
import type { RequestSpec, Send } from '../../core/client/index.ts';
import { curlOf } from '../reports/curl.ts';
import type { RunSettings } from '../settings/run-settings.ts';

/** A status that a managed client had before the run. */
interface EarlierStatus {
  readonly managedClient: string;
  readonly type: ReadableType;
  readonly existed: boolean;
  /** JSON text, with numbers as they were; undefined if there was none or it was not JSON. */
  readonly report: string | undefined;
}

/** The quota may be exhausted at the end of a run, so that a request is sent again. */
const MAX_ATTEMPTS = 2;

/** The members of a report. A read may return further ones. */
const REPORT_MEMBERS = ['body', 'status', 'type', 'timestamp'] as const;

/** Remembers the statuses that a run will overwrite, and writes them back. */
export class EarlierStatuses {
  readonly #statuses: EarlierStatus[] = [];
  /** Set before the first write. */
  areOverwritten = false;

  /** The largest number of requests that restoring needs. */
  static maxRequests({ secondManagedClient }: Pick<RunSettings, 'secondManagedClient'>): number {
    const managedClients = secondManagedClient === undefined ? 1 : 2;
    return managedClients * readableTypes.length * MAX_ATTEMPTS;
  }

  /** Remembers the result of a read before the first write. */
  add(managedClient: string, type: ReadableType, { answer }: Exchange): void {
    const isKnown = this.#statuses.some((one) => one.managedClient === managedClient && one.type === type);
    if (isKnown || answer.kind !== 'response') return;
    if (answer.status !== 200 && answer.status !== 404) return;
    const existed = answer.status === 200;
    const report = existed ? reportIn(answer.body) : undefined;
    this.#statuses.push({ managedClient, type, existed, report });
  }

  /**
   * Writes all statuses back.
   * @returns sentences for the report: what was restored, and for everything else the command that does it
   */
  async restore(send: Send): Promise<string[]> {
    const sentences: string[] = [];
    let restored = 0;
    for (const status of this.#statuses) {
      const problem = await writeBack(status, send);
      if (problem !== undefined) sentences.push(problem);
      else if (status.existed) restored += 1;
    }
    const count = `${restored} ${restored === 1 ? 'status' : 'statuses'}`;
    return restored === 0
      ? sentences
      : [`${count} that the run had overwritten ${restored === 1 ? 'was' : 'were'} restored.`, ...sentences];
  }

  /** Sentences for a report that is written before anything could be restored. */
  notRestored(): string[] {
    return this.#statuses.flatMap(({ managedClient, type, report }) =>
      report === undefined
        ? []
        : [`The status of type ${type} of ${managedClient} was not restored. Its report was: ${report}`],
    );
  }
}

function reportIn(body: Parameters<typeof readText>[0]): string | undefined {
  const reading = readText(body);
  if (reading.kind !== 'text') return undefined;
  try {
    const stored: unknown = parseExact(reading.text);
    if (typeof stored !== 'object' || stored === null) return undefined;
    const members = Object.entries(stored).filter(([name]) =>
      (REPORT_MEMBERS as readonly string[]).includes(name),
    );
    return JSON.stringify(Object.fromEntries(members));
  } catch {
    return undefined;
  }
}

/** @returns why the status was not restored, with a command; undefined if it was, or if none was overwritten */
async function writeBack(status: EarlierStatus, send: Send): Promise<string | undefined> {
  const { managedClient, type, existed, report } = status;
  if (!existed) {
    // Only the preflight reports a type that the managed client had not reported.
    return type === baseReport.type
      ? `${managedClient} had no status of type ${type} before the run. It has one now, because the API cannot delete it.`
      : undefined;
  }
  const what = `The status of type ${type} of ${managedClient} was not restored`;
  if (report === undefined) return `${what}, because the service did not return it as JSON.`;
  const operation = 'updateManagedClientStatus';
  const spec: RequestSpec = {
    ...buildRequest(operation, { id: managedClient }),
    body: { text: report },
    authorization: { kind: 'token', of: 'user' },
    intent: { operation, expectation: 'accept' },
  };
  try {
    const { exchange } = await send(spec);
    const { answer } = exchange;
    if (answer.kind === 'response' && answer.status === 200) return undefined;
    const why = answer.kind === 'response' ? `status ${answer.status}` : answer.detail;
    return `${what} (${why}). To restore it: ${curlOf(exchange)}`;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `${what} (${why}). Its report was: ${report}`;
  }
}
