import { OperatingError } from "../../base/errors.ts";
import type { Instant } from "../../base/time.ts";
import type { SshAccess } from "../../model/inventory.ts";
import { output, told } from "../node/ssh-output.ts";
import type { FaultTools } from "../reach.ts";

type Tools = Pick<FaultTools, "reach" | "signal">;

export interface UnitState {
  /** `active`, `inactive`, `failed`, `activating`, `deactivating`, ... */
  readonly word: string;
  readonly isActive: boolean;
  readonly asked: Instant;
}

/** The exit code says little more than the word, and differs between releases. */
export async function unitState(unit: string, access: SshAccess, tools: Tools): Promise<UnitState> {
  const { stdout, stderr, sent } = await told(access, `systemctl is-active ${unit}`, tools);
  if (!/^[a-z-]+$/u.test(stdout)) {
    throw new OperatingError(
      "protocol",
      `Cannot tell whether ${unit} runs on ${access.host} as systemctl's answer makes no sense: it is "${stdout.slice(0, 100)}" (${stderr})`,
    );
  }
  return {
    word: stdout,
    isActive: ["active", "reloading", "refreshing"].includes(stdout),
    asked: sent,
  };
}

/** The main process of a unit; 0 when it has none. */
export async function mainPid(
  unit: string,
  access: SshAccess,
  tools: Tools,
): Promise<{ readonly pid: number; readonly asked: Instant }> {
  const command = `systemctl show --property=MainPID --value ${unit}`;
  const { code, stdout, stderr, sent } = await told(access, command, tools);
  if (code === 0 && /^\d+$/u.test(stdout)) return { pid: Number(stdout), asked: sent };
  throw new OperatingError(
    "protocol",
    `Cannot tell the main process of ${unit} on ${access.host} as "${command}" makes no sense: it printed "${stdout.slice(0, 100)}" (${stderr})`,
  );
}

/** As of all of them, in their order. Rejects when one of them has none: then there is nothing to strike. */
export async function runningPids(
  units: readonly string[],
  access: SshAccess,
  tools: Tools,
): Promise<readonly number[]> {
  const pids: number[] = [];
  for (const unit of units) {
    const { pid } = await mainPid(unit, access, tools);
    if (pid === 0) {
      throw new OperatingError(
        "not-reached",
        `Cannot strike ${unit} as it does not run on ${access.host}: it has no main process`,
      );
    }
    pids.push(pid);
  }
  return pids;
}

/** The kernel's word for the state of a process: `T` is stopped by a signal (proc(5)). Null when there is no such process. */
export async function processState(
  pid: number,
  access: SshAccess,
  tools: Tools,
): Promise<{ readonly state: string | null; readonly asked: Instant }> {
  const { code, stdout, sent } = await told(access, `cat /proc/${pid}/stat`, tools);
  // The name before it stands in brackets and may hold anything, brackets and spaces too.
  const state = /^\d+ \(.*\) ([A-Za-z])(?: |$)/su.exec(stdout)?.[1] ?? null;
  return { state: code === 0 ? state : null, asked: sent };
}

/** Harmless where it runs already. */
export const start = async (unit: string, access: SshAccess, tools: Tools): Promise<string> =>
  await output(access, `systemctl start ${unit}`, tools);
