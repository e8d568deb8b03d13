import { pactsOf, versions, type ForeignPact, type Version } from './foreign-pacts.ts';
import { specialPacts } from './special-pacts.ts';

export interface Case {
  readonly consumer: string;
  readonly version: Version;
  readonly pact: ForeignPact;
}

export const cases: readonly Case[] = [
  ...versions.flatMap((version) =>
    Object.entries(pactsOf(version)).map(([kind, pact]) => ({
      consumer: `${kind} (${version})`,
      version,
      pact,
    })),
  ),
  ...Object.entries(specialPacts).map(([kind, [version, pact]]) => ({
    consumer: `${kind} (${version})`,
    version,
    pact,
  })),
];

export function textOf({ consumer, version, pact }: Case): string {
  const { interactions, messages, metadata = {} } = pact;
  const isNull = consumer.startsWith('interactions are null');
  return JSON.stringify({
    consumer: { name: consumer },
    provider: { name: 'managed-clients' },
    interactions: isNull ? null : interactions,
    ...(messages && { messages }),
    metadata: { pactSpecification: { version }, ...metadata },
  });
}
