import type { Instant } from "../../base/time.ts";
import type { HostState, ShutdownAction } from "./machine.ts";
import type { ProcessChange } from "./units.ts";

/** The model's own truth with exact instants: what an observer of the API can only come close to. */
export type TwinEvent = { readonly at: Instant } & TwinFact;

export type TwinFact =
  | { readonly kind: "host"; readonly node: string; readonly state: HostState }
  /** An operating system was told to end in good order. */
  | { readonly kind: "shutdown"; readonly node: string; readonly action: ShutdownAction }
  | { readonly kind: "link"; readonly node: string; readonly link: string; readonly up: boolean }
  | {
      readonly kind: "unit";
      readonly node: string;
      readonly unit: string;
      readonly change: ProcessChange;
    }
  | { readonly kind: "lease-renewed"; readonly node: string }
  /** A pass of the node lifecycle controller over all nodes. */
  | { readonly kind: "monitor-pass" }
  | { readonly kind: "node-unknown"; readonly node: string }
  /** Its own kubelet says that it is not Ready. */
  | { readonly kind: "node-not-ready"; readonly node: string }
  | { readonly kind: "node-ready"; readonly node: string }
  /** The NoExecute taint is set. */
  | { readonly kind: "taint"; readonly node: string }
  | { readonly kind: "taint-removed"; readonly node: string }
  | { readonly kind: "leader"; readonly node: string | null }
  /** The pod got its deletion stamp because of a taint. */
  | { readonly kind: "evicted"; readonly pod: string; readonly node: string }
  | { readonly kind: "pod-scheduled"; readonly pod: string; readonly node: string }
  | { readonly kind: "pod-running"; readonly pod: string; readonly node: string }
  | { readonly kind: "pod-ready"; readonly pod: string; readonly node: string }
  /** The process in the pod listens at its address from now on, or no longer. */
  | {
      readonly kind: "pod-serving" | "pod-stopped";
      readonly pod: string;
      readonly node: string;
      readonly ip: string;
    }
  | { readonly kind: "pod-removed"; readonly pod: string; readonly node: string }
  /** Ingress and kube-proxy now send the service's traffic to these pods. */
  | {
      readonly kind: "endpoint";
      readonly namespace: string;
      readonly service: string;
      readonly pods: readonly string[];
    };
