import { seconds, zero } from "../../base/time.ts";
import { ipCommand } from "./ip-command.ts";
import { processStat } from "./process-stat.ts";
import { pgrep } from "./pgrep.ts";
import { help, reportFor } from "./reports.ts";
import { statementsOf } from "./shell-script.ts";
import type { Statement } from "./shell-script.ts";
import type { Call, Script, Step } from "./step.ts";
import { call, failed, printed, silent } from "./step.ts";
import { KERNEL_POWER_OFF, systemctl } from "./systemctl.ts";

const NOT_UNDERSTOOD = 127;
const MAXIMUM_NESTING = 4;
const SYSRQ_TRIGGER = "/proc/sysrq-trigger";

/**
 * What a line would make a node do; it never throws. Nothing of it is ever given to a shell: the few commands that faults
 * and people send are known by their words, and every other is refused with exit status 127.
 */
export const interpret = (line: string): Script => interpretNested(line, 0);

function interpretNested(line: string, depth: number): Script {
  const statements = depth > MAXIMUM_NESTING ? null : statementsOf(line);
  if (statements === null) {
    const shown = { runs: "always", hidesOutput: false, hidesComplaint: false } as const;
    return [{ step: misunderstood(line), background: false, ...shown }];
  }
  return statements.map((statement) => ({
    step: stepOf(statement, depth),
    runs: statement.runs,
    background: statement.background,
    hidesOutput: statement.output !== null,
    hidesComplaint: statement.errors !== null,
  }));
}

function stepOf({ words, output }: Statement, depth: number): Step {
  if (output === SYSRQ_TRIGGER) return sysrq(words);
  if (output === null || output === "/dev/null") return commandOf(words, depth);
  return misunderstood(`${words.join(" ")} > ${output}`);
}

/** They only say how the rest is run. */
const PREFIXES: ReadonlySet<string> = new Set(["setsid", "nohup", "exec"]);
const SHELLS: ReadonlySet<string> = new Set(["sh", "bash", "/bin/sh", "/bin/bash"]);

function commandOf(words: readonly string[], depth: number): Step {
  const [name = "", ...rest] = words;
  if (PREFIXES.has(name)) return commandOf(withoutOptions(rest), depth);
  if (SHELLS.has(name)) return subshell(words, depth);
  return builtIn(name, rest) ?? programStep(name, rest) ?? otherProgram(words);
}

const withoutOptions = (words: readonly string[]): readonly string[] =>
  words[0]?.startsWith("-") === true ? withoutOptions(words.slice(1)) : words;

/** What stands after the script is its $0 and shows in its command line: a mark to find it by. */
function subshell(words: readonly string[], depth: number): Step {
  const [, option, script] = words;
  if (option !== "-c" || script === undefined) return misunderstood(words.join(" "));
  return { kind: "script", script: interpretNested(script, depth + 1), title: words.join(" ") };
}

const DO_NOTHING: ReadonlySet<string> = new Set(["", ":", "true", "sync"]);

function builtIn(name: string, rest: readonly string[]): Step | null {
  if (DO_NOTHING.has(name) && rest.length === 0) return call(() => silent);
  switch (name) {
    case "false":
      return call(() => ({ ...silent, status: 1 }));
    case "echo":
      return call(() => printed(`${rest.join(" ")}\n`));
    case "help":
      return call((node) => printed(help(node.view())));
    case "sleep":
      return sleep(rest);
    case "exit":
    case "logout":
      return exit(rest);
    default:
      return null;
  }
}

function programStep(name: string, rest: readonly string[]): Step | null {
  switch (name) {
    case "systemctl":
      return systemctl(rest);
    case "poweroff":
    case "reboot":
      return systemctl([name, ...rest]);
    case "ip":
      return callOrNull(ipCommand(rest));
    case "pgrep":
      return callOrNull(pgrep(rest));
    case "cat":
      return rest.length === 0 ? { kind: "copy" } : callOrNull(processStat(rest.join(" ")));
    default:
      return null;
  }
}

const callOrNull = (what: Call | null): Step | null => (what === null ? null : call(what));

/** Commands whose whole text is known, and what only some machines have. */
function otherProgram(words: readonly string[]): Step {
  const phrase = words.join(" ");
  const report = reportFor(phrase);
  if (report !== null) return call((node) => printed(report(node.view())));
  return call(({ machine }) => {
    const end = machine.program(words);
    return end === null ? refusal(phrase) : { ...end, complaint: "" };
  });
}

/** The kernel looks at the first letter only. */
function sysrq(words: readonly string[]): Step {
  const [command, ...rest] = words.filter((word) => word !== "-n");
  const key = rest.length === 1 ? (rest[0]?.[0] ?? "") : "";
  if (command !== "echo") return misunderstood(`${words.join(" ")} > ${SYSRQ_TRIGGER}`);
  switch (key) {
    case "o":
      return { kind: "power", act: "power-off", delay: KERNEL_POWER_OFF };
    case "b":
      return { kind: "power", act: "reset", delay: zero };
    case "c":
      return { kind: "power", act: "panic", delay: zero };
    case "s":
    case "u":
      return call(() => silent);
    default:
      return misunderstood(`${words.join(" ")} > ${SYSRQ_TRIGGER}`);
  }
}

function sleep(words: readonly string[]): Step {
  const text = words.length === 1 ? (words[0] ?? "") : "";
  if (!/^\d{1,5}(?:\.\d{1,9})?s?$/.test(text)) return misunderstood(`sleep ${words.join(" ")}`);
  return { kind: "wait", duration: seconds(Number.parseFloat(text)) };
}

const exit = ([word = ""]: readonly string[]): Step => ({
  kind: "exit",
  status: /^\d{1,3}$/.test(word) ? Number(word) % 256 : 0,
});

const refusal = (text: string) =>
  failed(NOT_UNDERSTOOD, `blackout lab: command not understood: ${text}`);

const misunderstood = (text: string): Step => call(() => refusal(text));
