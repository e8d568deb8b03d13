interface SarifText {
  readonly text?: string;
  readonly markdown?: string;
}

interface SarifRule {
  readonly id: string;
  readonly shortDescription?: SarifText;
  readonly fullDescription?: SarifText;
  readonly help?: SarifText;
  readonly properties: { readonly tags: readonly string[]; readonly 'security-severity'?: string };
}

interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: SarifText;
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string };
      readonly region: Readonly<Record<string, number>>;
    };
  }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly suppressions?: readonly { readonly kind: string }[];
}

export interface SarifLog {
  readonly $schema?: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly SarifRule[] } };
    readonly invocations: readonly {
      readonly executionSuccessful: boolean;
      readonly exitCode: number;
      readonly toolExecutionNotifications: readonly { readonly message: SarifText }[];
    }[];
    readonly results?: readonly SarifResult[];
  }[];
}

const MAX_TEXT_LENGTH = 1024;

/** The rules of GitHub that the JSON Schema of SARIF does not have, as far as a log violates them. */
export function gitHubProblems({ $schema, runs }: SarifLog): string[] {
  return [
    ...($schema === undefined ? ['no $schema'] : []),
    ...(runs.length === 1 ? [] : ['not one run']),
    ...runs.flatMap(({ tool: { driver }, results }) => [
      ...driver.rules.flatMap(ruleProblems),
      ...(results === undefined ? ['no results'] : []),
      ...(results !== undefined && results.length > 5000 ? ['too many results'] : []),
      ...(results ?? []).flatMap((result) => resultProblems(result, driver.rules)),
    ]),
  ];
}

function ruleProblems({ id, shortDescription, fullDescription, help, properties }: SarifRule): string[] {
  const { tags, 'security-severity': security } = properties;
  const texts = [shortDescription?.text, fullDescription?.text, help?.text, help?.markdown];
  return problems(id, {
    'lacks a text': texts.every((text) => text !== undefined && text !== ''),
    'has a long text': texts.every((text) => (text ?? '').length <= MAX_TEXT_LENGTH),
    'has many tags': tags.length <= 10,
    'has an invalid security-severity':
      security === undefined ||
      (/^\d+\.\d$/.test(security) && Number(security) >= 0.1 && Number(security) <= 10),
  });
}

function resultProblems(result: SarifResult, rules: readonly SarifRule[]): string[] {
  const { ruleId, ruleIndex, message, locations, partialFingerprints } = result;
  const [location] = locations;
  const uri = location?.physicalLocation.artifactLocation.uri ?? '';
  const region = location?.physicalLocation.region ?? {};
  const { text = '' } = message;
  return problems(ruleId, {
    'has another rule at its index': rules[ruleIndex]?.id === ruleId,
    'has no message': text !== '' && text.length <= MAX_TEXT_LENGTH,
    'has not one location': locations.length === 1,
    'has a URI that is not relative': uri !== '' && !/^([a-z][a-z0-9+.-]*:|\/)/i.test(uri),
    'has an incomplete region': ['startLine', 'startColumn', 'endLine', 'endColumn'].every(
      (name) => (region[name] ?? 0) > 0,
    ),
    'has no fingerprint': partialFingerprints['primaryLocationLineHash'] !== undefined,
  });
}

function problems(subject: string, conditions: Readonly<Record<string, boolean>>): string[] {
  return Object.entries(conditions).flatMap(([text, isMet]) => (isMet ? [] : [`${subject} ${text}`]));
}
