import { existsSync, readdirSync, readFileSync } from "node:fs";
import { controlGroups } from "./control-groups.ts";
import type { Layout } from "./layout.ts";
import { MARK, run } from "./run.ts";

/** What is there of a cluster that should be gone, each in words. Empty is as it must be. */
export async function leftovers(layout: Layout): Promise<readonly string[]> {
  const firewall = await run("iptables-save", []).catch(() => "");
  const network = layout.hostAddress.replace(/\.\d+$/u, ".");
  return [
    ...processes((pid) => isMarked(pid, layout.folder) || isNamed(pid, layout.folder)).map(
      (pid) => `process ${pid}: ${commandOf(pid)}`,
    ),
    ...lines("/proc/self/mountinfo", layout.folder).map((line) => `mount ${line}`),
    ...controlGroups(layout.name).map((folder) => `control group ${folder}`),
    ...lines("/proc/net/dev", layout.hostPort).map((line) => `interface ${line.trim()}`),
    ...firewall
      .split("\n")
      .filter((line) => line.includes("KUBE-") || line.includes(network))
      .map((line) => `firewall rule ${line}`),
    ...(existsSync(layout.folder) ? [`folder ${layout.folder}`] : []),
  ];
}

/** Processes that were started by the harness or by what it started, but for this one. */
export const markedProcesses = (folder: string): readonly number[] =>
  processes((pid) => isMarked(pid, folder));

const processes = (is: (pid: number) => boolean): readonly number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && is(pid));

/** Containers have another environment, but none outlives its worker, whose init bears the mark. */
const isMarked = (pid: number, folder: string): boolean =>
  textOf(`/proc/${pid}/environ`).split("\0").includes(`${MARK}=${folder}`);

const isNamed = (pid: number, folder: string): boolean =>
  commandOf(pid)
    .split(/[ =]/u)
    .some((word) => word.startsWith(`${folder}/`));

const commandOf = (pid: number): string => textOf(`/proc/${pid}/cmdline`).replaceAll("\0", " ");

const lines = (file: string, word: string): readonly string[] =>
  textOf(file)
    .split("\n")
    .filter((line) => line.includes(word));

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
