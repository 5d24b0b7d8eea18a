import type { Markup } from "../../reporters/html/markup.ts";
import { markup, nothing } from "../../reporters/html/markup.ts";
import { wholePage } from "../../reporters/html/whole-page.ts";

/** A page of ours as it is served, with our style sheet beside it. */
export const servedPage = (title: string, body: Markup, more: Markup = nothing): Markup =>
  wholePage({
    title: `blackout: ${title}`,
    head: markup`<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
${more}`,
    body,
  });
