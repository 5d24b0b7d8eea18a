import { cpus, release, totalmem, type as systemName } from "node:os";
import type { Circumstances } from "./results.ts";

const BYTES_PER_GB = 1e9;

/** What the figures were measured on. */
export function thisMachine(): Circumstances["machine"] {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown processor",
    cores: cpus().length,
    memory_gb: Math.round(totalmem() / BYTES_PER_GB),
    node: process.versions.node,
    kernel: `${systemName()} ${release()}`,
  };
}
