import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import { renderToString } from 'preact-render-to-string';

import { printable } from '../printable.ts';
import type { Report } from '../report.ts';
import { verdictText } from '../verdict-text.ts';
import { contractSection } from './contract-matrix.ts';
import { coverageSection, latencySection } from './coverage-tables.ts';
import { findingsSection } from './findings.ts';
import { mutationSection } from './heat-map.ts';
import { limiterSection } from './limiter.ts';
import { html, type Markup } from './markup.ts';
import { script } from './script.ts';
import { style } from './style.ts';
import { layerSection, summarySection } from './summary.ts';

/**
 * The report as one page without network requests. It is readable without scripts and inline styles, which some CI servers
 * block. Its policy allows only its own script and style, whatever a response contains.
 */
export function htmlReport(report: Report): string {
  const { markup, packed } = findingsSection(report);
  const sections = [
    ['layers', 'Layers', layerSection(report)],
    ['findings', 'Findings', markup],
    ['contracts', 'Contracts', contractSection(report)],
    ['limiter', 'Rate limiter', limiterSection(report)],
    ['mutations', 'Mutations', mutationSection(report)],
    ['coverage', 'Coverage', coverageSection(report)],
    ['latency', 'Latency', latencySection(report)],
  ] as const;
  const present = sections.filter(([, , section]) => section !== null);
  const body = html`<div>
    ${summarySection(report)}
    <nav aria-label="Sections">${present.map(([id, title]) => html`<a href=${`#${id}`}>${title}</a>`)}</nav>
    <main>${present.map(([, , section]): Markup => section)}</main>
  </div>`;
  return [
    '<!DOCTYPE html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    renderToString(
      html`<title>${printable(verdictText(report))}</title>` as Parameters<typeof renderToString>[0],
    ),
    `<style>${style}</style></head><body>`,
    renderToString(body as Parameters<typeof renderToString>[0]),
    `<template id="packed">${gzipSync(JSON.stringify(packed)).toString('base64')}</template>`,
    `<script>${script}</script></body></html>\n`,
  ].join('\n');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

const POLICY = [
  "default-src 'none'",
  `style-src ${hashOf(style)}`,
  `script-src ${hashOf(script)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
