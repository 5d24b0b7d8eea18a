import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { describeError, OperatingError } from "../../base/errors.ts";

/** The names of the folders in `reports` that hold one of these files, in their order. */
export async function runFoldersIn(
  reports: string,
  files: readonly string[],
): Promise<readonly string[]> {
  const names = await readdir(reports).catch((error: unknown) => {
    throw new OperatingError(
      "environment",
      `Cannot look for runs in ${reports}: ${describeError(error)}`,
    );
  });
  const folders = names.toSorted();
  const are = await Promise.all(
    folders.map(async (name) => await holds(join(reports, name), files)),
  );
  return folders.filter((_, index) => are[index] === true);
}

/** Whether a folder has one of these files. */
export async function holds(folder: string, files: readonly string[]): Promise<boolean> {
  for (const file of files) if (await isFile(join(folder, file))) return true;
  return false;
}

const isFile = async (path: string): Promise<boolean> =>
  await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
