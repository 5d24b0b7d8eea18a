import { z } from "zod";
import { name, strict } from "../schema/fields.ts";
import { kubernetesCluster, kubernetesModel } from "./kubernetes-cluster.ts";
import { kubernetesLab, proxmoxLab } from "./lab-clusters.ts";
import { proxmoxCluster, proxmoxModel } from "./proxmox-cluster.ts";
import type { Words } from "./words.ts";

/** The first line of an inventory that a program wrote: the model's own form follows. */
export const MODEL_FORMAT = "blackout-inventory/1";

/** Real clusters, as people write them. */
export const clustersFile = (words: Words) =>
  strict({
    clusters: z
      .record(
        name(),
        z.discriminatedUnion("kind", [proxmoxCluster(words), kubernetesCluster(words)]),
      )
      .describe("Clusters by name."),
  });

/** The embedded lab: needs nothing but this machine. */
export const labFile = () =>
  strict({
    lab: strict({
      speed: z.number().min(1).max(1000).default(60).describe("Lab seconds in one real second."),
      seed: z.int().min(0).default(1),
      clusters: z
        .record(name(), z.discriminatedUnion("kind", [proxmoxLab(), kubernetesLab()]))
        .refine((clusters) => Object.keys(clusters).length > 0, {
          error: "must name at least one cluster",
        }),
    }),
  });

/**
 * What a program writes, for instance a lab: `format: blackout-inventory/1` and then the model of
 * `src/model/inventory.ts` word for word (lists with names, `*_ms` numbers); `file` may be left out, and a secret
 * may be `{kind, ...}` or `file:/path`. JSON is YAML, so `JSON.stringify({ format, ...inventory })` will do.
 */
export const modelFile = (words: Words) =>
  strict({
    format: z.literal(MODEL_FORMAT),
    file: z.string().optional(),
    clusters: z.array(z.discriminatedUnion("kind", [proxmoxModel(words), kubernetesModel(words)])),
  });
