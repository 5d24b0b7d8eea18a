import { readFileSync, readlinkSync } from "node:fs";

/** Within which a process id means one process: the machine since it was switched on, and the namespace of its ids. */
export interface ProcessPlace {
  readonly boot: string;
  readonly namespace: string;
}

/** Of this process; null where the operating system does not tell (proc(5), random(4), pid_namespaces(7)). */
export function processPlace(): ProcessPlace | null {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const [, namespace] = /^pid:\[(\d+)\]$/u.exec(readlinkSync("/proc/self/ns/pid")) ?? [];
    return boot === "" || namespace === undefined ? null : { boot, namespace };
  } catch {
    return null;
  }
}
