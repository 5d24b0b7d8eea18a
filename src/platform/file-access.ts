import { stat } from "node:fs/promises";
import { OperatingError } from "../base/errors.ts";

const GROUP_AND_OTHERS = 0o077;

/** What is wrong with a file's mode, and how to mend it; null: only its owner may use it. */
export function openToOthers(path: string, mode: number): string | null {
  if ((mode & GROUP_AND_OTHERS) === 0) return null;
  return `is open to others (mode ${(mode & 0o777).toString(8)}); run: chmod 600 ${path}`;
}

/** Rejects with a `configuration` error for a file that more than its owner may use. One that cannot be asked is somebody else's to report. */
export async function ownerOnly(what: string, path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  const open = found === null ? null : openToOthers(path, found.mode);
  if (open !== null) throw forbidden(what, path, open);
}

export const forbidden = (what: string, path: string, open: string): OperatingError =>
  new OperatingError(
    "configuration",
    `Cannot use the ${what} ${path} under --strict as it ${open}`,
    {
      facts: { path },
    },
  );
