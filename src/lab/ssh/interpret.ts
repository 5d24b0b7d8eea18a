import type { Duration } from "../../base/time.ts";
import { seconds, zero } from "../../base/time.ts";
import type { Report } from "./reports.ts";
import { help, reportFor } from "./reports.ts";
import { statementsOf } from "./shell-script.ts";
import type { Statement } from "./shell-script.ts";

/**
 * What a line would make a node do. Nothing of it is ever given to a shell: the few commands that faults and people send
 * are known by their words, and every other is refused.
 */
export type Step =
  | { readonly kind: "report"; readonly report: Report }
  | { readonly kind: "complain"; readonly text: string }
  | { readonly kind: "wait"; readonly duration: Duration }
  | { readonly kind: "power"; readonly act: PowerAct; readonly delay: Duration }
  | { readonly kind: "background"; readonly steps: readonly Step[] };

export type PowerAct = "power-off" | "reset" | "panic";

export interface Interpretation {
  readonly steps: readonly Step[];
  /** Exit status of the line. */
  readonly status: number;
  /** The line said `exit`. */
  readonly leaves: boolean;
}

const NOT_UNDERSTOOD = 127;
const MAXIMUM_NESTING = 4;
const SYSRQ_TRIGGER = "/proc/sysrq-trigger";
/** The kernel shuts its devices down first: 1 - 3 s (facts/proxmox-ve.md 6). */
const KERNEL_POWER_OFF = seconds(1);
/** Forced once only, the system manager first ends all processes; assumed to take two seconds more. */
const MANAGER_POWER_OFF = seconds(3);

/** Reads one line; it never throws. Exit status 127 for what it does not understand. */
export const interpret = (line: string): Interpretation => interpretNested(line, 0);

function interpretNested(line: string, depth: number): Interpretation {
  const statements = depth > MAXIMUM_NESTING ? null : statementsOf(line);
  if (statements === null) return misunderstood(line);
  const steps: Step[] = [];
  let status = 0;
  for (const statement of statements) {
    if (statement.runs === "if-ok" && status !== 0) continue;
    if (statement.runs === "if-failed" && status === 0) continue;
    const done = interpretStatement(statement, depth);
    status = statement.background ? 0 : done.status;
    if (statement.background) steps.push({ kind: "background", steps: done.steps });
    else steps.push(...done.steps);
    if (done.leaves && !statement.background) return { steps, status, leaves: true };
  }
  return { steps, status, leaves: false };
}

function interpretStatement(statement: Statement, depth: number): Interpretation {
  const { words, output } = statement;
  if (output === SYSRQ_TRIGGER) return sysrq(words);
  const done = interpretCommand(words, depth);
  if (output === null) return done;
  if (output !== "/dev/null") return misunderstood(`${words.join(" ")} > ${output}`);
  return { ...done, steps: done.steps.filter((step) => step.kind !== "report") };
}

/** They only say how the rest is run. */
const PREFIXES: ReadonlySet<string> = new Set(["setsid", "nohup", "exec"]);
const SHELLS: ReadonlySet<string> = new Set(["sh", "bash", "/bin/sh", "/bin/bash"]);

function interpretCommand(words: readonly string[], depth: number): Interpretation {
  const [name = "", ...rest] = words;
  if (PREFIXES.has(name)) return interpretCommand(withoutOptions(rest), depth);
  if (SHELLS.has(name)) return subshell(words, depth);
  switch (name) {
    case "sleep":
      return sleep(rest);
    case "exit":
    case "logout":
      return exit(rest);
    case "false":
      return { steps: [], status: 1, leaves: false };
    case "echo":
      return report(() => `${rest.join(" ")}\n`);
    case "help":
      return report(help);
    default:
      return interpretPhrase(words.join(" "));
  }
}

function subshell(words: readonly string[], depth: number): Interpretation {
  const [, option, script] = words;
  if (option !== "-c" || script === undefined) return misunderstood(words.join(" "));
  return { ...interpretNested(script, depth + 1), leaves: false };
}

const withoutOptions = (words: readonly string[]): readonly string[] =>
  words[0]?.startsWith("-") === true ? withoutOptions(words.slice(1)) : words;

/** Commands whose whole text is known. */
function interpretPhrase(phrase: string): Interpretation {
  if (["", "true", ":", "sync"].includes(phrase)) return done([]);
  const power = powerCommand(phrase);
  if (power !== null) return done([power]);
  const known = reportFor(phrase);
  return known === null ? misunderstood(phrase) : report(known);
}

/** `poweroff` and `reboot` without force would ask the services first, which this machine has not. */
function powerCommand(phrase: string): Step | null {
  const match = /^(?:systemctl )?(poweroff|reboot)((?: (?:-f|--force|-ff))+)$/.exec(phrase);
  if (match === null) return null;
  const [, command, options = ""] = match;
  const once = options === " -f" || options === " --force";
  return {
    kind: "power",
    act: command === "reboot" ? "reset" : "power-off",
    delay: once ? MANAGER_POWER_OFF : KERNEL_POWER_OFF,
  };
}

/** The kernel looks at the first letter only. */
function sysrq(words: readonly string[]): Interpretation {
  const [command, ...rest] = words.filter((word) => word !== "-n");
  const key = rest.length === 1 ? (rest[0]?.[0] ?? "") : "";
  if (command !== "echo") return misunderstood(`${words.join(" ")} > ${SYSRQ_TRIGGER}`);
  switch (key) {
    case "o":
      return done([{ kind: "power", act: "power-off", delay: KERNEL_POWER_OFF }]);
    case "b":
      return done([{ kind: "power", act: "reset", delay: zero }]);
    case "c":
      return done([{ kind: "power", act: "panic", delay: zero }]);
    case "s":
    case "u":
      return done([]);
    default:
      return misunderstood(`${words.join(" ")} > ${SYSRQ_TRIGGER}`);
  }
}

function sleep(words: readonly string[]): Interpretation {
  const text = words.length === 1 ? (words[0] ?? "") : "";
  if (!/^\d{1,5}(?:\.\d{1,9})?s?$/.test(text)) return misunderstood(`sleep ${words.join(" ")}`);
  return done([{ kind: "wait", duration: seconds(Number.parseFloat(text)) }]);
}

function exit(words: readonly string[]): Interpretation {
  const status = /^\d{1,3}$/.test(words[0] ?? "") ? Number(words[0]) % 256 : 0;
  return { steps: [], status, leaves: true };
}

const done = (steps: readonly Step[]): Interpretation => ({ steps, status: 0, leaves: false });

const report = (text: Report): Interpretation => done([{ kind: "report", report: text }]);

const misunderstood = (text: string): Interpretation => ({
  steps: [{ kind: "complain", text: `blackout lab: command not understood: ${text}\n` }],
  status: NOT_UNDERSTOOD,
  leaves: false,
});
