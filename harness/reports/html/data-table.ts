import { html, type Markup } from './markup.ts';

/** A column with its heading. Numbers are aligned. */
export type Column = string | { readonly number: string };

/**
 * A table that scrolls by itself if it is too wide, so that it needs the focus of the keyboard.
 * @param rows the cells of each row; the first is its heading
 */
export function dataTable(
  label: string,
  columns: readonly Column[],
  rows: readonly (readonly Markup[])[],
): Markup {
  const classOf = (index: number): string | undefined =>
    typeof columns[index] === 'object' ? 'number' : undefined;
  return html`<div class="wide" tabindex="0" role="group" aria-label=${label}>
    <table>
      <thead>
        <tr>
          ${columns.map(
            (column, index) =>
              html`<th scope="col" class=${classOf(index)}>
                ${typeof column === 'object' ? column.number : column}
              </th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([heading, ...cells]) =>
            html`<tr>
              <th scope="row">${heading}</th>
              ${cells.map((cell, index) => html`<td class=${classOf(index + 1)}>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
