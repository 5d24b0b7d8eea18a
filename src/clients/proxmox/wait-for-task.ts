import { OperatingError } from "../../base/errors.ts";
import type { Clock } from "../../contracts/clock.ts";
import { parse } from "../shared/parse.ts";
import { lookEvery } from "./patience.ts";
import type { ProxmoxApi } from "./proxmox-api.ts";
import { taskStatus, upid as upidReply } from "./replies.ts";

/** As much of a task's own words as a person reads, in characters. */
const LONGEST_REASON = 1000;

/**
 * Waits until a task has ended well (`OK`, or with warnings), looking once a second. `answer` is what the call that
 * started it returned. Rejects with `rejected` and the task's own words where it failed.
 */
export async function waitForTask(
  answer: unknown,
  tools: { readonly api: ProxmoxApi; readonly clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  const upid = parse(upidReply, answer, "a call that starts a task");
  const node = upid.split(":")[1] ?? "";
  const type = upid.split(":")[5] ?? "task";
  for (;;) {
    const path = `/nodes/${node}/tasks/${encodeURIComponent(upid)}/status`;
    const reply = await tools.api.call({ method: "GET", path }, signal);
    const { status, exitstatus = "" } = parse(taskStatus, reply.data, `GET ${path}`);
    if (status === "stopped") {
      if (exitstatus === "OK" || exitstatus.startsWith("WARNINGS")) return;
      throw new OperatingError(
        "rejected",
        `Cannot finish task ${type} on ${node} as it failed: ${exitstatus === "" ? "no reason given" : exitstatus.slice(0, LONGEST_REASON)}`,
        { facts: { upid } },
      );
    }
    await tools.clock.sleep(lookEvery(tools.clock), signal);
  }
}
