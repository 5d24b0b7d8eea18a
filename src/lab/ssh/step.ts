import type { Duration } from "../../base/time.ts";
import type { Node } from "./node.ts";
import type { Condition } from "./shell-script.ts";

/** What one simple command would make a node do. */
export type Step =
  /** Is done at once: it reads or changes what a twin plays. */
  | { readonly kind: "call"; readonly call: Call }
  | { readonly kind: "wait"; readonly duration: Duration }
  /** `cat`: sends back what is typed, until the input ends. */
  | { readonly kind: "copy" }
  /** Happens after the delay; the command itself ends before it. */
  | { readonly kind: "power"; readonly act: PowerAct; readonly delay: Duration }
  /** A shell within the shell; the title is its command line, as `pgrep -f` sees it. */
  | { readonly kind: "script"; readonly script: Script; readonly title: string }
  | { readonly kind: "exit"; readonly status: number };

export type PowerAct = "power-off" | "reset" | "panic";

export type Call = (node: Node) => Outcome;

export interface Outcome {
  readonly status: number;
  readonly output: string;
  /** For the standard error output. */
  readonly complaint: string;
}

export type Script = readonly Command[];

/** A step with how it hangs together with its neighbours. */
export interface Command {
  readonly step: Step;
  readonly runs: Condition;
  readonly background: boolean;
  readonly hidesOutput: boolean;
  readonly hidesComplaint: boolean;
}

export const call = (what: Call): Step => ({ kind: "call", call: what });

export const printed = (output: string): Outcome => ({ status: 0, output, complaint: "" });

export const failed = (status: number, complaint: string): Outcome => ({
  status,
  output: "",
  complaint: `${complaint}\n`,
});

export const silent: Outcome = printed("");
