import htm from 'htm';
import { h, type ComponentChild } from 'preact';

/** A part of the page. All texts in it are escaped when it is rendered. */
export type Markup = ComponentChild;

/** Makes markup from a template: `html\`<p>${text}</p>\``. */
export const html = htm.bind(h) as (strings: TemplateStringsArray, ...values: unknown[]) => Markup;
