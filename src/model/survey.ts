import type { ClusterHealth, ClusterIdentity } from "./cluster-facts.ts";
import type { KubernetesSettings } from "./kubernetes-settings.ts";
import type { ProxmoxSettings } from "./proxmox-settings.ts";

/** What can be known of a cluster without touching it. */
export interface SurveyFacts {
  /** An API host answered as it should. */
  readonly reached: boolean;
  /** Null: the API did not tell. */
  readonly identity: ClusterIdentity | null;
  readonly health: ClusterHealth | null;
  /** What decides how long a failover takes: as the cluster says it, else as the inventory does, else assumed. */
  readonly timing: Timing;
  readonly findings: readonly Finding[];
}

export type Timing =
  | { readonly kind: "proxmox"; readonly settings: ProxmoxSettings }
  | { readonly kind: "kubernetes"; readonly settings: KubernetesSettings };

/** One thing that was asked, and what it means for a run. */
export interface Finding {
  readonly topic: SurveyTopic;
  /** A node's name, an API host's URL, or the cluster's name. */
  readonly subject: string;
  /** `problem`: a run would be refused, or would not measure what it says. */
  readonly level: "ok" | "note" | "problem";
  readonly saw: string;
  /** What would mend it, or how to make sure of it; null: nothing is needed. */
  readonly needs: string | null;
  /** Settings of this cluster in the inventory that the finding proposes; null: none. */
  readonly paste: Paste | null;
}

/** A part of a cluster's entry in an inventory. */
export interface Paste {
  readonly [name: string]: string | boolean | readonly string[] | Paste;
}

/** In the order in which they are told. */
export const surveyTopics = [
  "api",
  "identity",
  "arming",
  "quorum",
  "node",
  "ha",
  "storage",
  "template",
  "rights",
  "settings",
  "clock",
  "ssh",
  "bmc",
  "here",
  "victim",
  "prediction",
] as const;

export type SurveyTopic = (typeof surveyTopics)[number];

type About = Pick<Finding, "topic" | "subject">;
type Rest = Partial<Pick<Finding, "needs" | "paste">>;

export const ok = (about: About, saw: string): Finding => ({
  ...about,
  level: "ok",
  saw,
  needs: null,
  paste: null,
});

export const note = (about: About, saw: string, rest: Rest = {}): Finding => ({
  ...about,
  level: "note",
  saw,
  needs: rest.needs ?? null,
  paste: rest.paste ?? null,
});

export const problem = (about: About, saw: string, rest: Rest = {}): Finding => ({
  ...note(about, saw, rest),
  level: "problem",
});
