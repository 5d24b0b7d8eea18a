import type { Instant } from "../../base/time.ts";
import { OperatingError } from "../../base/errors.ts";
import { sshRun } from "../../clients/ssh/ssh-run.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Secrets } from "../../contracts/secrets.ts";
import type { SshAccess } from "../../model/inventory.ts";
import type { ClockReading } from "./clock-offset.ts";

/** What a node says of itself over SSH. Null: it did not say. */
export interface NodeReport {
  /** `0` is root. */
  readonly user: string | null;
  readonly machineId: string | null;
  readonly bootId: string | null;
  readonly hostname: string | null;
  /** As its firmware has it, in lower case. */
  readonly uuid: string | null;
  readonly clock: ClockReading | null;
}

/** The last one is read last, so that it lies closest to the answer's way back. */
const questions = {
  user: "id -u",
  machine: "cat /etc/machine-id",
  boot: "cat /proc/sys/kernel/random/boot_id",
  name: "uname -n",
  uuid: "cat /sys/class/dmi/id/product_uuid",
  date: "date +%s.%N",
} as const;

const TITLE = "blackout-";
/** One login for all. What a node lacks is silent, and does not keep it from answering the rest. */
const SCRIPT = Object.entries(questions)
  .map(([name, command]) => `echo ${TITLE}${name}; ${command}`)
  .join("; ");

/** Logs in, asks, changes nothing. Rejects with an `OperatingError` where it cannot. */
export async function readNodeReport(
  access: SshAccess,
  tools: { readonly clock: Clock; readonly secrets: Secrets; readonly signal: AbortSignal },
): Promise<NodeReport> {
  const end = await sshRun(access, SCRIPT, tools);
  if (end.kind === "exited") return parseReport(end.stdout, end.sent, tools.clock.now());
  throw new OperatingError(
    "unreachable",
    `Cannot ask ${access.host} over SSH as the connection ended during the answer`,
  );
}

export function parseReport(printed: string, sent: Instant, received: Instant): NodeReport {
  const sections = new Map(
    printed
      .split(TITLE)
      .map((section) => section.split("\n"))
      .map(([name = "", value = ""]) => [name.trim(), value.trim()]),
  );
  const said = (question: keyof typeof questions): string | null => {
    const value = sections.get(question) ?? "";
    return value === "" ? null : value;
  };
  const seconds = Number(said("date") ?? Number.NaN);
  return {
    user: said("user"),
    machineId: said("machine"),
    bootId: said("boot"),
    hostname: said("name"),
    uuid: said("uuid")?.toLowerCase() ?? null,
    clock: Number.isFinite(seconds)
      ? { low: seconds, high: seconds, during: { earliest: sent, latest: received } }
      : null,
  };
}
