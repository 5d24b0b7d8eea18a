import { z } from "zod";
import { duration, fingerprint, nodeName, parsed, strict, text, wait } from "../schema/fields.ts";
import {
  apiHosts,
  clusterFields,
  namedNodeAccess,
  nodeAccess,
  tlsTrust,
} from "./cluster-fields.ts";
import { safetyLimits, safetyModel } from "./safety-fields.ts";
import type { Words } from "./words.ts";

const proxmoxFields = (words: Words) => ({
  kind: z.literal("proxmox"),
  identity: strict({
    name: text().nullable().default(null).describe("The cluster's name, as `pvecm status` says."),
    ca_fingerprint: fingerprint()
      .nullable()
      .default(null)
      .describe("SHA-256 of /etc/pve/pve-root-ca.pem."),
  })
    .prefault({})
    .describe("Who the cluster must be before anything is killed on it."),
  api: strict({
    hosts: apiHosts(),
    token_id: tokenId(),
    token_secret: words.secret(),
    tls: tlsTrust(words),
  }),
  ...clusterFields,
});

/** As people write it. */
export const proxmoxCluster = (words: Words) =>
  strict({
    ...proxmoxFields(words),
    safety: safetyLimits(),
    corosync: strict({
      token: wait().prefault("3s"),
      token_coefficient: duration().prefault("650ms"),
    })
      .prefault({})
      .describe(
        "totem.token and totem.token_coefficient, for the prediction where the cluster does not tell them.",
      ),
    nodes: z.record(nodeName(), nodeAccess(words)),
  }).transform(({ corosync, nodes, ...rest }) => ({
    ...rest,
    corosync: {
      token_ms: corosync.token,
      token_coefficient_ms: corosync.token_coefficient,
    },
    nodes: Object.entries(nodes).map(([name, node]) => ({ name, ...node })),
  }));

/** As programs write it: the model, word for word. */
export const proxmoxModel = (words: Words) =>
  strict({
    name: text(),
    ...proxmoxFields(words),
    safety: safetyModel(),
    corosync: strict({
      token_ms: z.number().positive(),
      token_coefficient_ms: z.number().nonnegative(),
    }),
    nodes: z.array(namedNodeAccess(words)),
  });

const TOKEN_ID = /^[^\s@!=]+@[^\s@!=]+![^\s@!=]+$/;

/** Not shown when it is wrong, since people paste the secret behind it. */
const tokenId = () =>
  parsed(
    (value) =>
      TOKEN_ID.test(value)
        ? { value }
        : { problem: "must be USER@REALM!TOKENID, for example blackout@pve!chaos" },
    { pattern: "^[^@!=]+@[^@!=]+![^@!=]+$", examples: ["blackout@pve!chaos"] },
  );
