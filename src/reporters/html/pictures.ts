import type { PictureFact } from "../../model/trial-result.ts";
import type { ReportInput } from "../reporter.ts";
import { shortText } from "../short-text.ts";
import type { Detail } from "./detail.ts";
import { MOST_LETTERS, MOST_OF_THUMBNAIL } from "./detail.ts";
import type { Markup } from "./markup.ts";
import { markup, nothing } from "./markup.ts";

/** Thumbnails by their file's name, in base64. */
export type Thumbnails = ReadonlyMap<string, string>;

/** Files of the thumbnails that the page shows. */
export const thumbnailsWanted = (
  { report }: ReportInput,
  { pictured }: Detail,
): readonly string[] =>
  report.trials.flatMap(({ trial, pictures: { before, after } }) =>
    pictured.has(trial)
      ? [before, after].flatMap((picture) => (picture === null ? [] : [picture.thumbnail]))
      : [],
  );

export async function readThumbnails(
  { picture }: ReportInput,
  wanted: readonly string[],
): Promise<Thumbnails> {
  const read = new Map<string, string>();
  for (const file of wanted) {
    const bytes = await picture(file);
    if (bytes !== null && bytes.length <= MOST_OF_THUMBNAIL) {
      read.set(file, Buffer.from(bytes).toString("base64"));
    }
  }
  return read;
}

/** The desktop before and after, as far as there are pictures. */
export const picturesOf = (
  { before, after }: { readonly before: PictureFact | null; readonly after: PictureFact | null },
  thumbnails: Thumbnails,
): Markup =>
  before === null && after === null
    ? nothing
    : markup`<div class="pictures">${before === null ? nothing : pictureOf("before the kill", before, thumbnails)}${after === null ? nothing : pictureOf("after the recovery", after, thumbnails)}</div>
`;

function pictureOf(when: string, picture: PictureFact, thumbnails: Thumbnails): Markup {
  const bytes = thumbnails.get(picture.thumbnail);
  const { file, instance, width, height } = picture;
  return bytes === undefined
    ? markup`<p class="soft">${when}: ${file}</p>`
    : markup`<figure><img src="data:image/png;base64,${bytes}" alt="The desktop ${when}"/><figcaption>${when}, by ${shortText(instance, MOST_LETTERS)}: ${file}, ${width} × ${height}</figcaption></figure>`;
}
