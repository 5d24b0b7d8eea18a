import type { Markup } from "./markup.ts";
import { markup, trusted } from "./markup.ts";

interface PageParts {
  readonly title: string;
  /** What its head has beyond that. */
  readonly head: Markup;
  readonly body: Markup;
}

/** Every page of ours: it fits a phone, and follows its light or dark. */
export const wholePage = ({ title, head, body }: PageParts): Markup => markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
${head}
</head>
<body>
${body}
</body>
</html>
`;

/** A page that needs nothing: no network, no script. Its policy forbids both, whatever foreign text may say. */
export const pageAlone = (title: string, style: string, body: Markup): Markup =>
  wholePage({
    title,
    head: markup`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<style>${trusted(style)}</style>`,
    body,
  });
