import type { LabCommand, HowTo } from "../lab/lab-cluster.ts";
import type { LabSpec } from "../model/lab.ts";

/** What the tool and its lab process say to each other over the process channel. */
export type ToLab =
  | { readonly kind: "start"; readonly spec: LabSpec; readonly directory: string }
  | {
      readonly kind: "control";
      readonly id: number;
      readonly cluster: string;
      readonly command: LabCommand;
    }
  | { readonly kind: "stop" };

export type FromLab =
  | {
      readonly kind: "ready";
      readonly inventoryPath: string;
      readonly howTo: readonly HowTo[];
    }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "controlled"; readonly id: number; readonly error: string | null };
