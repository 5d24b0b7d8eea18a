import { readFile, stat } from "node:fs/promises";
import { makeBaseline } from "../analysis/comparison/make-baseline.ts";
import { measuredRun } from "../analysis/measured-run.ts";
import { OperatingError, describeError } from "../base/errors.ts";
import { parseBaseline } from "../config/baseline/parse-baseline.ts";
import type { Baseline } from "../model/baseline.ts";
import { openRunFolder } from "../store/run-folder.ts";
import { factsOf } from "./write-report.ts";

/** A run, judged anew from its folder, or the file that one was kept in. */
export async function readSide(path: string): Promise<Baseline> {
  if (await isFolder(path)) return await baselineOf(path);
  try {
    return parseBaseline(await readFile(path, "utf8"), path);
  } catch (error) {
    if (error instanceof OperatingError) throw error;
    throw unreadable(path, describeError(error));
  }
}

/** What of a run's folder is kept to hold later ones against. */
export async function baselineOf(run: string): Promise<Baseline> {
  return makeBaseline(await measuredRun(await factsOf(await openRunFolder(run))));
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    throw unreadable(path, "there is neither a run folder nor a baseline file of that name");
  }
}

const unreadable = (path: string, why: string): OperatingError =>
  new OperatingError("configuration", `Cannot read ${path} as ${why}`);
