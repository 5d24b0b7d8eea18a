/**
 * One physical node of a lab, as its BMC and its SSH server act on it. Played by a twin; nothing real is touched. What asks
 * something of the operating system does nothing when that is not up.
 */
export interface LabMachine {
  readonly name: string;
  /** System UUID: the BMC's GUID and the node's own product_uuid agree. */
  readonly uuid: string;
  isPowered(): boolean;
  /** The operating system is up. SSH answers, if the network lets it. */
  isUp(): boolean;
  /** Changes at every boot; `/proc/sys/kernel/random/boot_id`. */
  bootId(): string;
  powerOff(): void;
  powerOn(): void;
  reset(): void;
  panic(): void;

  /** `systemctl poweroff`, `systemctl reboot`, the power button: services are asked to end first. */
  shutDown(action: "poweroff" | "reboot"): void;
  /** From the request until the power is gone. */
  isShuttingDown(): boolean;

  /** What the service manager says of a unit; null: there is no such unit. */
  unit(name: string): UnitState | null;
  actOnUnit(name: string, act: UnitAct): void;

  links(): readonly LabLink[];
  /** `ip link set dev <name> up|down`; there is a link of that name. */
  setLink(name: string, up: boolean): void;

  /** A program that only nodes of this kind have (`ha-manager ...`); null: there is no such program. */
  program(words: readonly string[]): ProgramEnd | null;
}

export interface UnitState {
  readonly active: "active" | "inactive" | "failed" | "activating";
  /** 0 when it has no process. */
  readonly mainPid: number;
  /** Stopped by SIGSTOP: active, and it does nothing. */
  readonly frozen: boolean;
}

/** `kill`: SIGKILL to the main process. `freeze` and `thaw`: SIGSTOP and SIGCONT to all of its processes. */
export type UnitAct = "stop" | "start" | "kill" | "freeze" | "thaw";

export interface LabLink {
  /** `eth0`. */
  readonly name: string;
  /** With its prefix length: `127.0.1.5/24`. */
  readonly address: string;
  readonly up: boolean;
  /** Of the default route, where it leaves by this link. */
  readonly gateway: string | null;
}

export interface ProgramEnd {
  readonly status: number;
  readonly output: string;
}
