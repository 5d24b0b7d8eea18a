import type { Call } from "./step.ts";
import { failed, printed } from "./step.ts";

/** The units whose main processes are known by their numbers. Their programs bear their names. */
const UNITS: readonly string[] = [
  "corosync",
  "pve-cluster",
  "pve-ha-lrm",
  "pve-ha-crm",
  "watchdog-mux",
  "kubelet",
  "containerd",
];
const FIELDS_AFTER_GROUP = 47;
const PATH = /^\/proc\/([1-9]\d{0,6})\/stat$/;

/** `cat /proc/PID/stat` (proc(5)) of a unit's main process: number, name, state (T: stopped by a signal), parent; the rest is 0. */
export function processStat(path: string): Call | null {
  const pid = Number(PATH.exec(path)?.[1] ?? 0);
  if (pid === 0) return null;
  return ({ machine }) => {
    for (const name of UNITS) {
      const unit = machine.unit(name);
      if (unit?.mainPid !== pid) continue;
      const rest = Array.from({ length: FIELDS_AFTER_GROUP }, () => "0").join(" ");
      return printed(`${pid} (${name}) ${unit.frozen ? "T" : "S"} 1 ${pid} ${rest}\n`);
    }
    return failed(1, `cat: ${path}: No such file or directory`);
  };
}
