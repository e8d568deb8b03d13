import type { SchemaName } from '../api/schemas/index.ts';
import * as compiled from './validators.generated.js';

const validators: Record<SchemaName, compiled.Validator> = { ...compiled };

export interface SchemaError {
  /** JSON pointer of the offending value; for a missing property, of the property. */
  readonly site: string;
  /** `required`, `type string`, `enum`, `format date-time` */
  readonly problem: string;
}

/**
 * Validates a parsed body against a schema of the API, including formats.
 * @returns one error per site, because one wrong value may violate several keywords, such as `type` and `enum`
 */
export function schemaErrors(schema: SchemaName, value: unknown): SchemaError[] {
  const validate = validators[schema];
  if (validate(value)) return [];
  const sites = new Map<string, SchemaError>();
  for (const error of validate.errors ?? []) {
    const site = siteOf(error);
    if (!sites.has(site)) sites.set(site, { site, problem: problemOf(error) });
  }
  return [...sites.values()];
}

function siteOf({ instancePath, params }: compiled.AjvError): string {
  return params.missingProperty === undefined ? instancePath : `${instancePath}/${params.missingProperty}`;
}

function problemOf({ keyword, params }: compiled.AjvError): string {
  if (keyword === 'type') return `type ${params.type}`;
  return keyword === 'format' ? `format ${params.format}` : keyword;
}
