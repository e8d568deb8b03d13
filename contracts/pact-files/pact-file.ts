/** The pacts are missing or not valid. The message is a clause without a full stop. */
export class PactFileError extends Error {
  override readonly name = 'PactFileError';
}

/** A JSON object as it is in the file. Numbers keep their text: see parseExact. */
export type Written = Readonly<Record<string, unknown>>;

export interface NamedState {
  readonly name: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** An interaction of a pact of any specification version, as far as the harness reads it. */
export interface PactInteraction {
  /** Only `http` can be verified. `plugin` needs a plugin of Pact, and plugins are never loaded. */
  readonly kind: 'http' | 'message' | 'plugin' | 'malformed';
  readonly description: string;
  readonly states: readonly NamedState[];
  readonly request: {
    /** In upper case. */
    readonly method: string;
    readonly path: string;
    readonly query: Readonly<Record<string, readonly string[]>>;
  };
  readonly response: {
    readonly status: number;
    /** A matching rule accepts other statuses too. */
    readonly hasStatusRule: boolean;
    /** The body of the example. */
    readonly body: unknown;
  };
  /** Its failure does not count. */
  readonly isPending: boolean;
  /** The id that a broker gave to it. */
  readonly id: string | undefined;
  /** The plugin that it needs. */
  readonly plugin: string | undefined;
  readonly written: Written;
  /** From the list `messages` of version 3. */
  readonly isInMessages?: true;
}

export interface PactFile {
  readonly consumer: { readonly name: string };
  readonly provider: { readonly name: string };
  readonly interactions: readonly PactInteraction[];
  /** Names the specification version. Without it, Pact assumes version 3. */
  readonly metadata: Written;
  /** Set for pacts of a broker. */
  readonly origin?: PactOrigin;
}

export interface PactOrigin {
  readonly url: string;
  readonly consumerVersion: string;
  /** The provider has never verified this pact, so that it may fail. */
  readonly isPending: boolean;
  /** Why the broker selected the pact, such as `latest from main branch`. */
  readonly selectedBy: string;
  /** The address for its results; undefined if the broker gives none. */
  readonly resultsUrl: string | undefined;
}

/** A file of a pact folder that cannot be verified. */
export interface UnreadableFile {
  readonly path: string;
  /** `broken` may have been a pact; `not-a-pact` is another document. */
  readonly kind: 'broken' | 'not-a-pact';
  readonly problem: string;
}

/** The pacts of a run. */
export interface PactSet {
  readonly pacts: readonly PactFile[];
  readonly unreadable: readonly UnreadableFile[];
}

/** A pact as a JSON document, with the interactions as they were written. */
export function pactDocument({ consumer, provider, interactions, metadata }: PactFile): Written {
  const messages = interactions.filter(({ isInMessages }) => isInMessages === true);
  const others = interactions.filter((one) => !messages.includes(one));
  return {
    consumer,
    provider,
    ...((others.length > 0 || messages.length === 0) && {
      interactions: others.map(({ written }) => written),
    }),
    ...(messages.length > 0 && { messages: messages.map(({ written }) => written) }),
    metadata,
  };
}
