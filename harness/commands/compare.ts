import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import {
  asJson,
  asMarkdown,
  asText,
  compareDocument,
  DocumentError,
  NothingToCompareError,
  readDocument,
  type Comparison,
} from '../../contracts/comparison/index.ts';
import { readPacts } from '../../contracts/index.ts';
import { environment, usage } from '../errors.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { withReportsFolder } from '../run/reports-folder.ts';
import { explainLayerError } from '../run/layers.ts';

export interface CompareSettings {
  readonly file: string;
  /** The file or folder of the pacts. */
  readonly pacts: string;
  /** The folder of the reports. */
  readonly reports: string;
}

/** `mch compare`: compares the contracts with an OpenAPI document. Exit 1 if there are relevant differences. */
export function compare(settings: CompareSettings, io: Io): Promise<ExitCode> {
  return withReportsFolder(settings.reports, [], () => compareIntoFolder(settings, io));
}

async function compareIntoFolder({ file, pacts, reports }: CompareSettings, io: Io): Promise<ExitCode> {
  const comparison = await comparisonWith(file, pacts).catch((error: unknown) => {
    if (error instanceof DocumentError) throw usage('document.unusable', { problem: error.message });
    if (error instanceof NothingToCompareError) {
      throw environment('compare.nothing', { problem: error.message });
    }
    throw explainLayerError(error) ?? error;
  });
  io.stdout.write(asText(comparison));
  await writeFile(join(reports, 'compare.md'), asMarkdown(comparison));
  await writeFile(join(reports, 'compare.json'), asJson(comparison));
  io.stdout.write(`\nReports in ${reports}: compare.md, compare.json\n`);
  const isClean = comparison.differences.every(({ kind }) => kind === 'explained');
  return isClean ? exitCodes.clean : exitCodes.findings;
}

async function comparisonWith(file: string, pacts: string): Promise<Comparison> {
  const document = await readDocument(file);
  const differences = await compareDocument(document, (await readPacts(pacts)).pacts);
  const { ignored, resolved } = document;
  return { document: basename(file), version: resolved.info.version, differences, ignored };
}
