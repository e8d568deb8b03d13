/** The formats of a report. */
export const formatNames = [
  'console',
  'json',
  'junit',
  'html',
  'markdown',
  'sarif',
  'gitlab',
  'ctrf',
  'har',
] as const;

export type FormatName = (typeof formatNames)[number];

export const defaultFormats: readonly FormatName[] = ['console', 'json', 'junit', 'html', 'markdown'];
