export { compareDocument, NothingToCompareError } from './compare.ts';
export { readDocument } from './document.ts';
export { DocumentError } from './resolve-references.ts';
export { asJson, asMarkdown, asText, type Comparison } from './render.ts';
