export { compareDocument, NothingToCompareError } from './compare.ts';
export { DocumentError, readDocument } from './document.ts';
export { asJson, asMarkdown, asText, type Comparison } from './render.ts';
