import { LEAST_NODES } from "../../model/proxmox-settings.ts";
import type { Timing } from "../../model/survey.ts";
import { whyFlapping } from "./flapping.ts";

/** Why a cluster with such settings has no failover that the twin could play; null: it has one. */
export const whyNoFailover = (timing: Timing): string | null =>
  timing.kind === "kubernetes" ? whyFlapping(timing.settings) : whyTooFew(timing.settings.nodes);

/** `nodes` of Proxmox VE. */
export const whyTooFew = (nodes: number): string | null =>
  nodes < LEAST_NODES
    ? `the twin plays ${LEAST_NODES} nodes and more: with fewer a single survivor is quorate only by a QDevice, whose vote it does not play`
    : null;
