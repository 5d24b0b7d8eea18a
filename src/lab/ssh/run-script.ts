import type { Duration } from "../../base/time.ts";
import { interpret } from "./interpret.ts";
import type { Node } from "./node.ts";
import type { Command, PowerAct, Script, Step } from "./step.ts";

interface Output {
  print(text: string): void;
  complain(text: string): void;
}

/** Hands on what is typed until it ends, or `signal` is aborted. */
export type Input = (take: (text: string) => void, signal: AbortSignal) => Promise<void>;

/** Where a line runs, and for how long. */
export interface Session {
  readonly node: Node;
  readonly output: Output;
  /** Null where a shell reads it. */
  readonly input: Input | null;
  /** Ends what is in the foreground; what was put into the background goes on. */
  readonly signal: AbortSignal;
}

export interface End {
  readonly status: number;
  /** It said `exit`, or the machine died. */
  readonly leaves: boolean;
}

interface Run extends Session {
  /** A script dies with the boot in which it began. */
  readonly bootId: string;
}

const KILLED: End = { status: 255, leaves: true };
/** bash's status when it cannot fork. */
const NO_FORK: End = { status: 254, leaves: false };

/** Does what a line says, one command after another, in lab time. A line of several commands is a process of its own, and `pgrep` sees it. */
export async function runLine(line: string, session: Session): Promise<End> {
  const run = { ...session, bootId: session.node.machine.bootId() };
  const script = interpret(line);
  return script.length > 1
    ? await runProcess({ script, title: `bash -c ${line}` }, run)
    : await runScript(script, run);
}

async function runProcess(
  process: { readonly script: Script; readonly title: string },
  run: Run,
): Promise<End> {
  const { title, script } = process;
  const entry = { title, bootId: run.bootId };
  const end = await run.node.processes.during(entry, async () => await runScript(script, run));
  if (end === null) run.output.complain("bash: fork: Resource temporarily unavailable\n");
  return end ?? NO_FORK;
}

async function runScript(script: Script, run: Run): Promise<End> {
  let status = 0;
  for (const command of script) {
    if (command.runs === "if-ok" && status !== 0) continue;
    if (command.runs === "if-failed" && status === 0) continue;
    // It may have gone down, or down and up again, while the command before this one slept.
    if (!isAlive(run)) return KILLED;
    const within = { ...run, output: outputOf(command, run.output) };
    if (command.background) {
      const { signal } = new AbortController();
      detach(runStep(command.step, { ...within, input: null, signal }));
      status = 0;
      continue;
    }
    const end = await runStep(command.step, within);
    if (end.leaves) return end;
    status = end.status;
  }
  return { status, leaves: false };
}

async function runStep(step: Step, run: Run): Promise<End> {
  switch (step.kind) {
    case "call": {
      const { status, output, complaint } = step.call(run.node);
      if (output !== "") run.output.print(output);
      if (complaint !== "") run.output.complain(complaint);
      return ended(status);
    }
    case "wait":
      await run.node.clock.sleep(step.duration, run.signal);
      return ended(0);
    case "copy":
      await run.input?.((text) => run.output.print(text), run.signal);
      return ended(0);
    case "power":
      detach(actLater(run, step.act, step.delay));
      return ended(0);
    case "script": {
      const end = await runProcess(step, run);
      // Its `exit` ends it only, not the shell around it.
      return end === KILLED ? end : ended(end.status);
    }
    case "exit":
      return { status: step.status, leaves: true };
    default:
      step satisfies never;
      return ended(0);
  }
}

/** Nothing happens any more when the node went down, or came up again, in the meantime. */
async function actLater(run: Run, act: PowerAct, delay: Duration): Promise<void> {
  const { machine, clock } = run.node;
  if (delay > 0) await clock.sleep(delay, new AbortController().signal);
  if (!isAlive(run)) return;
  switch (act) {
    case "power-off":
      machine.powerOff();
      break;
    case "reset":
      machine.reset();
      break;
    case "panic":
      machine.panic();
      break;
    default:
      act satisfies never;
  }
}

const isAlive = ({ node: { machine }, bootId }: Run): boolean =>
  machine.isUp() && machine.bootId() === bootId;

const ended = (status: number): End => ({ status, leaves: false });

const outputOf = (command: Command, output: Output): Output => ({
  print: (text) => {
    if (!command.hidesOutput) output.print(text);
  },
  complain: (text) => {
    if (!command.hidesComplaint) output.complain(text);
  },
});

function detach(promise: Promise<unknown>): void {
  promise.catch(() => undefined);
}
