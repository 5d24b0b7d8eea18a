import type { Duration } from "../../base/time.ts";
import type { LabMachine } from "../machine.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { PowerAct, Step } from "./interpret.ts";
import type { NodeView } from "./reports.ts";

/** The node as a session on it sees it. */
export interface Node {
  readonly machine: LabMachine;
  readonly clock: Clock;
  view(): NodeView;
}

export interface Output {
  print(text: string): void;
  complain(text: string): void;
}

/** Does what a line says, one step after another, in lab time. Ends when the session does; what was put into the background goes on. */
export async function runSteps(
  steps: readonly Step[],
  node: Node,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  for (const step of steps) {
    switch (step.kind) {
      case "report":
        output.print(step.report(node.view()));
        break;
      case "complain":
        output.complain(step.text);
        break;
      case "wait":
        await node.clock.sleep(step.duration, signal);
        break;
      case "power":
        detach(actLater(node, step.act, step.delay));
        break;
      case "background":
        detach(runSteps(step.steps, node, output, new AbortController().signal));
        break;
      default:
        step satisfies never;
    }
  }
}

/** Nothing happens any more when the node went down, or came up again, in the meantime. */
async function actLater(node: Node, act: PowerAct, delay: Duration): Promise<void> {
  const { machine } = node;
  const boot = machine.bootId();
  if (delay > 0) await node.clock.sleep(delay, new AbortController().signal);
  if (!machine.isUp() || machine.bootId() !== boot) return;
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

function detach(promise: Promise<void>): void {
  promise.catch(() => undefined);
}
