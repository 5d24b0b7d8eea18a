import type { DesktopHandle } from "./cluster-facts.ts";
import type { FaultSpec } from "./fault-spec.ts";

/** How an act is taken back, as plain data: enough for a fresh process on another machine. */
export type Undo =
  | { readonly kind: "remove-desktop"; readonly cluster: string; readonly desktop: DesktopHandle }
  | {
      readonly kind: "heal-fault";
      readonly cluster: string;
      readonly fault: FaultSpec;
      readonly victim: string;
    };

/** An act that was intended, perhaps done, and not yet taken back. */
export interface Owed {
  readonly trial: string;
  /** Of the intent within its trial. */
  readonly id: number;
  readonly act: string;
  readonly undo: Undo;
}
