import { codes, explanations, type Code, type Severity } from '../../../core/index.ts';
import { limited } from './text.ts';

/** GitHub rejects longer descriptions. */
export const MAX_TEXT_LENGTH = 1024;

export const sarifLevels = { critical: 'error', major: 'error', minor: 'warning' } as const satisfies Record<
  Severity,
  string
>;

/** CVSS scores. GitHub shows the findings of these codes as security alerts. */
const securitySeverities: Partial<Record<Code, string>> = {
  'response.body.leak': '7.5',
  'auth.accepted': '9.1',
  'auth.wrong-status': '3.7',
  'auth.sporadic-401': '3.1',
};

/** The rule of a code. Its texts depend on the code alone, because GitHub merges the rules of all runs. */
export function sarifRule(code: Code) {
  const { meaning, importance } = explanations[code];
  const level = sarifLevels[codes[code].severity];
  return {
    id: code,
    name: ruleName(code),
    shortDescription: { text: limited(firstSentence(meaning), MAX_TEXT_LENGTH) },
    fullDescription: { text: limited(`${meaning} ${importance}`, MAX_TEXT_LENGTH) },
    help: helpOf(code),
    defaultConfiguration: { level },
    properties: {
      tags: tagsOf(code),
      precision: 'high',
      'problem.severity': level,
      ...securityOf(code),
    },
  };
}

/** response.body.leak becomes ResponseBodyLeak. */
function ruleName(code: Code): string {
  return code
    .split(/[.-]/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

function firstSentence(text: string): string {
  return /^.*?\.(?=\s|$)/s.exec(text)?.[0] ?? text;
}

function helpOf(code: Code) {
  const { meaning, importance, fix } = explanations[code];
  const { source } = codes[code];
  const text = [meaning, importance, fix, `Source: ${source}.`].join('\n\n');
  const markdown = [
    meaning,
    `**Why it matters:** ${importance}`,
    `**How to fix it:** ${fix}`,
    `**Source:** ${source}`,
  ].join('\n\n');
  return { text: limited(text, MAX_TEXT_LENGTH), markdown: limited(markdown, MAX_TEXT_LENGTH) };
}

function tagsOf(code: Code): string[] {
  const weakness = /^CWE-(\d+)$/.exec(codes[code].source)?.[1];
  return [
    'api-conformance',
    ...code.split('.').slice(0, 1),
    ...(securitySeverities[code] === undefined ? [] : ['security']),
    // GitHub recognizes weaknesses in this form.
    ...(weakness === undefined ? [] : [`external/cwe/cwe-${weakness}`]),
  ];
}

function securityOf(code: Code) {
  const severity = securitySeverities[code];
  return severity === undefined ? {} : { 'security-severity': severity };
}
