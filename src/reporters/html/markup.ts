import { html, raw } from "hono/html";
import { assert } from "../../base/assert.ts";
import { plainText } from "../../base/plain-text.ts";

/** Written HTML, as opposed to text that still has to be escaped. */
export type Markup = ReturnType<typeof raw>;

type Value = string | number | Markup | readonly Markup[];

/** A tagged template: every string put in is foreign, so it is made plain and escaped; only markup stays markup. */
export const markup = (parts: TemplateStringsArray, ...values: readonly Value[]): Markup =>
  escaped(parts, ...values.map((value) => (typeof value === "string" ? plainText(value) : value)));

/** Foreign text letter by letter, for what a form sends back. */
export const exact = (text: string): Markup => escaped`${text}`;

function escaped(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const written = html(parts, ...values);
  assert(!(written instanceof Promise), "nothing in a page is written later");
  return written;
}

/** Text of our own that is markup already. */
export const trusted = (text: string): Markup => raw(text);

export const nothing: Markup = raw("");
