import { mkdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { OperatingError } from "../base/errors.ts";
import { diskError, makeFolder, syncFolder } from "./durable.ts";

/** Where one run keeps its files. */
export interface RunFolder {
  readonly path: string;
  readonly plan: string;
  readonly journal: string;
  readonly samples: string;
}

/** A new folder `<reports>/<run>`; refuses one that is there already. */
export async function createRunFolder(reports: string, run: string): Promise<RunFolder> {
  const folder = layOut(join(reports, run));
  await makeFolder(resolve(reports));
  try {
    await mkdir(folder.path);
    await syncFolder(reports);
  } catch (error) {
    throw diskError("create the run folder", folder.path, error);
  }
  return folder;
}

/** The folder of a run that was there before; one that is none is an `environment` error. */
export async function openRunFolder(path: string): Promise<RunFolder> {
  const folder = layOut(path);
  try {
    await stat(folder.journal);
  } catch (error) {
    const { code, message, facts } = diskError("read the run's journal", folder.journal, error);
    const hint = "blackout list <folder> shows the runs of a folder";
    throw new OperatingError(code, `${message}. ${hint}`, { facts });
  }
  return folder;
}

const layOut = (path: string): RunFolder => ({
  path,
  plan: join(path, "plan.json"),
  journal: join(path, "journal.ndjson"),
  samples: join(path, "samples.ndjson"),
});
