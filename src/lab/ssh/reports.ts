import type { DateTime } from "luxon";
import type { Duration } from "../../base/time.ts";
import { inSeconds } from "../../base/time.ts";

/** What a node says of itself. */
export interface NodeView {
  readonly hostname: string;
  /** As the firmware has it: `/sys/class/dmi/id/product_uuid`. */
  readonly uuid: string;
  readonly bootId: string;
  readonly wall: DateTime;
  readonly upFor: Duration;
}

/** The output of a command, at the moment at which it runs. */
export type Report = (node: NodeView) => string;

const KERNEL = "6.17.4-2-pve";

const reports: ReadonlyMap<string, Report> = new Map<string, Report>([
  ["id -u", () => "0\n"],
  ["id", () => "uid=0(root) gid=0(root) groups=0(root)\n"],
  ["whoami", () => "root\n"],
  ["hostname", (node) => `${node.hostname}\n`],
  ["cat /etc/hostname", (node) => `${node.hostname}\n`],
  ["uname", () => "Linux\n"],
  ["uname -n", (node) => `${node.hostname}\n`],
  ["uname -r", () => `${KERNEL}\n`],
  ["uname -a", (node) => `Linux ${node.hostname} ${KERNEL} #1 SMP blackout lab x86_64 GNU/Linux\n`],
  ["uptime", uptime],
  ["cat /proc/uptime", (node) => `${inSeconds(node.upFor).toFixed(2)} 0.00\n`],
  ["date +%s", (node) => `${Math.floor(node.wall.toSeconds())}\n`],
  ["date +%s.%N", (node) => `${node.wall.toSeconds().toFixed(3)}000000\n`],
  ["cat /proc/sys/kernel/random/boot_id", (node) => `${node.bootId}\n`],
  // As systemd takes it from the firmware of a virtual machine (machine-id(5)), and as the Kubernetes twin reports it.
  ["cat /etc/machine-id", (node) => `${node.uuid.replaceAll("-", "").toLowerCase()}\n`],
  ["cat /sys/class/dmi/id/product_uuid", (node) => `${node.uuid}\n`],
]);

export const reportFor = (command: string): Report | null => reports.get(command) ?? null;

function uptime(node: NodeView): string {
  const minutes = Math.floor(inSeconds(node.upFor) / 60);
  const clock = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
  return ` ${node.wall.toFormat("HH:mm:ss")} up ${clock},  1 user,  load average: 0.00, 0.00, 0.00\n`;
}

export const help: Report = (node) =>
  [
    `This is ${node.hostname}, a node that the blackout lab plays. It runs no program; it understands:`,
    ...[...reports.keys()].map((command) => `  ${command}`),
    "  echo o > /proc/sysrq-trigger     power off (b: reset at once, c: panic)",
    "  poweroff -f, poweroff -ff, reboot -ff, systemctl poweroff --force --force",
    "  systemctl poweroff, systemctl reboot, systemctl is-system-running",
    "  systemctl stop UNIT, start UNIT, is-active UNIT, show --property=MainPID --value UNIT",
    "  systemctl kill --kill-who=main --signal=KILL UNIT (--kill-who=all: STOP or CONT); cat /proc/PID/stat",
    "  ip -details -json address show, ip -json route show",
    "  ip link set dev LINK up|down, ip route replace default via ADDRESS dev LINK; pgrep -f TEXT",
    "  ha-manager crm-command node-maintenance enable|disable NODE, on a Proxmox VE node",
    "  true, sync, sleep N, echo, cat, sh -c '...', setsid, nohup, exit; and ; && || & between them",
    "",
  ].join("\n");
