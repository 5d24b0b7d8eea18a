import { assert } from "../../base/assert.ts";
import { OperatingError } from "../../base/errors.ts";
import type { LockNote } from "../../model/lock.ts";
import { noteForm } from "./note-form.ts";

/**
 * Bytes. Sent as a form each may become three, and PVE before 8.3 reads 64 KiB of one (pve-http-server, AnyEvent.pm);
 * Kubernetes' annotations may have 256 KiB together.
 */
const LIMIT_TO_WRITE = 16 * 1024;
/** A later version may write more. */
const LIMIT_TO_READ = 4 * LIMIT_TO_WRITE;

/**
 * The note as one line of JSON, of ASCII and without a percent sign: user.cfg of PVE is a file of lines, and PVE takes a
 * `%41` in a comment for an A (PVE/Tools.pm, encode_text). Throws `unsafe` when it is too long.
 */
export function writeNote(note: LockNote): string {
  assert(noteForm.safeParse(note).success, "this note could not be read again");
  const text = JSON.stringify(note).replaceAll(/[^\x20-\x24\x26-\x7e]/g, escaped);
  if (text.length <= LIMIT_TO_WRITE) return text;
  throw new OperatingError(
    "unsafe",
    `Cannot note on the cluster what is owed as the note would be too long: ${text.length} bytes, at most ${LIMIT_TO_WRITE}`,
  );
}

/** The note in `text`. Throws `unsafe` when it is none; `where` is what bears it: "pool blackout-lock of prod". */
export function readNote(text: string, where: string): LockNote {
  if (text.length > LIMIT_TO_READ) throw noNote(where, `it is ${text.length} characters long`);
  const result = noteForm.safeParse(fromJson(text));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue === undefined ? "" : issue.path.join(".");
  throw noNote(where, `${field === "" ? "" : `${field}: `}${issue?.message ?? "?"}`);
}

const escaped = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** Null, which is no note either, for what is no JSON. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const noNote = (where: string, why: string): OperatingError =>
  new OperatingError(
    "unsafe",
    `Cannot trust ${where} as it bears no note of this version of blackout (${why}). See who made it, and remove it by hand once nothing needs it`,
  );
