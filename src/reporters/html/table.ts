import type { Markup } from "./markup.ts";
import { markup } from "./markup.ts";

export interface Column {
  readonly name: string;
  readonly isNumber: boolean;
}

export const column = (name: string): Column => ({ name, isNumber: false });
export const number = (name: string): Column => ({ name, isNumber: true });

/** A table that scrolls by itself where the paper is narrow, also by the keyboard, and that says what it is. */
export const table = (
  caption: string,
  columns: readonly Column[],
  rows: readonly Markup[],
): Markup => markup`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table><caption class="unseen">${caption}</caption>
<thead><tr>${columns.map(head)}</tr></thead>
<tbody>${rows}</tbody></table></div>
`;

const head = ({ name, isNumber }: Column): Markup =>
  isNumber
    ? markup`<th scope="col" class="number">${name}</th>`
    : markup`<th scope="col">${name}</th>`;
