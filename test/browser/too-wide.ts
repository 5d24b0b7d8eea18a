import type { Page } from "playwright-core";
import { z } from "zod";

/** Of a phone held upright, in pixels. */
export const PHONE = { width: 390, height: 844 } as const;

/** The page itself, and tables that a phone gets as lists: what is chosen and what is read first must not lie beside the window. */
const TOO_WIDE = `[document.documentElement, ...document.querySelectorAll("[aria-label='All runs'], [aria-label='All trials so far']")]
  .filter((each) => each.scrollWidth > Math.min(each.clientWidth, window.innerWidth))
  .map((each) => (each.getAttribute("aria-label") ?? "the page") + " is " + each.scrollWidth + " wide")`;

/** Whose content is wider than there is room for it. */
export const tooWide = async (page: Page): Promise<readonly string[]> =>
  z.array(z.string()).parse(await page.evaluate(TOO_WIDE));
