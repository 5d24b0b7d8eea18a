/**
 * Foreign text (error messages, names that a cluster chose) as one line that is safe to show: terminal escape
 * sequences, control characters and the marks that turn the direction of writing are taken out, white space of every
 * kind becomes one space.
 */
export const plainText = (text: string): string =>
  text
    .replace(escapeSequence, "")
    .replace(/\s+/gu, " ")
    .replace(unshowable, "")
    .replace(/ {2,}/gu, " ")
    .trim();

/** The same for text of several lines: they, and the white space within them, stay. */
export const plainLines = (text: string): string =>
  text
    .split(/\r?\n/u)
    .map((line) => line.replace(escapeSequence, "").replaceAll("\t", "  ").replace(unshowable, ""))
    .join("\n");

/** ECMA-48: CSI sequences; OSC, DCS, SOS, PM and APC strings up to their end; other two-character escapes. */
const escapeSequence = new RegExp(
  [
    String.raw`(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]`,
    String.raw`(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)`,
    String.raw`\u001b[ -/]*[0-~]`,
  ].join("|"),
  "gu",
);

/** Control and format characters (bidirectional marks among them), private use, halves of a pair, and the two that XML 1.0 forbids. */
const unshowable = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\uFFFE\uFFFF]/gu;
