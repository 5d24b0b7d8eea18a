import { seconds } from "../../base/time.ts";
import type { LabMachine, UnitAct, UnitState } from "../machine.ts";
import type { Call, Outcome, Step } from "./step.ts";
import { call, failed, printed, silent } from "./step.ts";

/** The kernel shuts its devices down first: 1 - 3 s (facts/proxmox-ve.md 6). */
export const KERNEL_POWER_OFF = seconds(1);
/** Forced once only, the system manager first ends all processes; assumed to take two seconds more. */
const MANAGER_POWER_OFF = seconds(3);

/** Exit codes of systemctl(1), "Exit status", after LSB. */
const EXIT = { failure: 1, notRunning: 3, unknown: 4, notInstalled: 5 } as const;
const UNIT = /^[A-Za-z0-9@._-]{1,64}$/;
/** What `systemctl kill` may be asked; without `--kill-who=main` it would hit the containers of a container runtime, too. */
const KILLS: ReadonlyMap<string, UnitAct> = new Map<string, UnitAct>([
  ["main KILL", "kill"],
  ["all STOP", "freeze"],
  ["all CONT", "thaw"],
]);

/** `systemctl` and, since they are the same program, `poweroff` and `reboot`; null: not understood. */
export function systemctl(words: readonly string[]): Step | null {
  const options = words.filter((word) => word.startsWith("-"));
  const [verb = "", ...names] = words.filter((word) => !word.startsWith("-"));
  if (!names.every((name) => UNIT.test(name))) return null;
  const units = names.map((name) => name.replace(/\.service$/, ""));
  if (units.length > 0) {
    const done = unitCall(verb, options, units);
    return done === null ? null : call(done);
  }
  if (verb === "poweroff" || verb === "reboot") return endOfPower(verb, options);
  if (verb === "is-system-running" && options.length === 0) return call(systemState);
  return null;
}

function endOfPower(verb: "poweroff" | "reboot", options: readonly string[]): Step | null {
  const forces = options.flatMap((option) => (option === "-ff" ? ["-f", "-f"] : [option]));
  if (!forces.every((option) => option === "-f" || option === "--force")) return null;
  if (forces.length === 0) {
    return call(({ machine }) => {
      machine.shutDown(verb);
      return silent;
    });
  }
  return {
    kind: "power",
    act: verb === "reboot" ? "reset" : "power-off",
    delay: forces.length === 1 ? MANAGER_POWER_OFF : KERNEL_POWER_OFF,
  };
}

const systemState: Call = ({ machine }) =>
  machine.isShuttingDown()
    ? { ...printed("stopping\n"), status: EXIT.failure }
    : printed("running\n");

function unitCall(verb: string, options: readonly string[], units: readonly string[]): Call | null {
  switch (`${verb} ${options.toSorted().join(" ")}`.trimEnd()) {
    case "stop":
      return each(units, stop);
    case "start":
      return each(units, start);
    case "is-active":
      return isActive(units);
    case "show --property=MainPID --value":
      return each(units, (machine, unit) => printed(`${machine.unit(unit)?.mainPid ?? 0}\n`));
    default:
      return verb === "kill" ? kill(options, units) : null;
  }
}

type OnUnit = (machine: LabMachine, unit: string) => Outcome;

/** One unit after another, whatever the others said; the first failure gives the status. */
const each =
  (units: readonly string[], act: OnUnit): Call =>
  ({ machine }) => {
    const outcomes = units.map((unit) => act(machine, unit));
    return {
      status: outcomes.find(({ status }) => status !== 0)?.status ?? 0,
      output: outcomes.map(({ output }) => output).join(""),
      complaint: outcomes.map(({ complaint }) => complaint).join(""),
    };
  };

const stop: OnUnit = (machine, unit) => {
  if (machine.unit(unit) === null) {
    const why = `Unit ${unit}.service not loaded.`;
    return failed(EXIT.notInstalled, `Failed to stop ${unit}.service: ${why}`);
  }
  machine.actOnUnit(unit, "stop");
  return silent;
};

const start: OnUnit = (machine, unit) => {
  if (machine.unit(unit) === null) {
    const why = `Unit ${unit}.service not found.`;
    return failed(EXIT.notInstalled, `Failed to start ${unit}.service: ${why}`);
  }
  machine.actOnUnit(unit, "start");
  return silent;
};

function kill(options: readonly string[], units: readonly string[]): Call | null {
  const option = (pattern: RegExp): string =>
    options.flatMap((word) => pattern.exec(word)?.[1] ?? []).join(" ");
  // Renamed to --kill-whom in systemd 252, which knows both.
  const who = option(/^--kill-whom?=(\w+)$/);
  const signal = option(/^--signal=(?:SIG)?(\w+)$/);
  const act = KILLS.get(`${who} ${signal}`);
  if (act === undefined || options.length !== 2) return null;
  return each(units, (machine, unit) => {
    const why = whyNotKilled(unit, machine.unit(unit), act);
    if (why !== null) {
      return failed(EXIT.failure, `Failed to kill unit ${unit}.service: ${why}`);
    }
    machine.actOnUnit(unit, act);
    return silent;
  });
}

function whyNotKilled(unit: string, state: UnitState | null, act: UnitAct): string | null {
  if (state === null) return `Unit ${unit}.service not loaded.`;
  return act === "kill" && state.mainPid === 0 ? "No main process to kill" : null;
}

/** 4 for a unit that there is not, since systemd 254; 3 before. */
const isActive =
  (units: readonly string[]): Call =>
  ({ machine }) => {
    const states = units.map((unit) => machine.unit(unit));
    const output = states.map((state) => `${state?.active ?? "inactive"}\n`).join("");
    if (states.some((state) => state?.active === "active")) return printed(output);
    const known = states.some((state) => state !== null);
    return { status: known ? EXIT.notRunning : EXIT.unknown, output, complaint: "" };
  };
