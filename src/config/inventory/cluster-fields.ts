import { z } from "zod";
import { fingerprint, nodeName, port, strict, text, url } from "../schema/fields.ts";
import { shortOr } from "../schema/short-or.ts";
import type { Words } from "./words.ts";

/** What both kinds of cluster and both forms of an inventory have in common. */
export const clusterFields = {
  armed: z
    .boolean()
    .default(false)
    .describe("Nothing is killed on a cluster that is not armed. Labs are always armed."),
  lab: strict({
    instance: text(),
    speed: z.number().min(1),
    origin_hrtime_ns: z.string().regex(/^\d{1,20}$/, { error: "must be digits in quotes" }),
    origin_wall: z.iso.datetime(),
  })
    .nullable()
    .default(null)
    .describe("Written by a lab that plays this cluster; not for people."),
} as const;

export const tlsTrust = (words: Words) =>
  shortOr(
    ["insecure"],
    z.discriminatedUnion("kind", [
      strict({ kind: z.literal("ca"), path: words.path() }),
      strict({ kind: z.literal("fingerprint"), sha256: fingerprint() }),
      strict({ kind: z.literal("insecure") }),
    ]),
  ).describe(
    "How the API proves who it is: a CA file, a pinned certificate, or (printed) nothing.",
  );

/** `https://host:port`, or with the node that it runs on, so that it is not asked when that node is dead. */
export const apiHosts = () =>
  z
    .array(
      z.union([
        url(["https"]).transform((only) => ({ url: only, node: null })),
        strict({ url: url(["https"]), node: nodeName().nullable().default(null) }),
      ]),
    )
    .min(1);

/** `SHA256:` and 32 bytes in base64 without padding, as `ssh-keygen -lf` prints it. */
const HOST_KEY = /^(SHA256:[A-Za-z0-9+/]{43}|insecure)$/;

const sshAccess = (words: Words) =>
  strict({
    host: text().optional().describe("Default: the node's address."),
    port: port().default(22),
    user: text().default("root"),
    key: words.secret().describe("The private key."),
    host_key: z.string().regex(HOST_KEY, {
      error: 'must be "SHA256:..." as ssh-keygen -lf prints it, or "insecure"',
    }),
  });

const bmcMapping = () =>
  z
    .enum(["uuid", "asserted"])
    .default("uuid")
    .describe("uuid: proven by equal system UUIDs. asserted: you vouch that it is this node's.");

/** Without a kind it is IPMI. */
const bmcAccess = (words: Words) =>
  z.discriminatedUnion("kind", [
    strict({
      kind: z.literal("ipmi").default("ipmi"),
      host: text(),
      port: port().default(623),
      user: text(),
      password: words.secret(),
      cipher_suite: z.literal([3, 17]).default(17),
      via: z.enum(["builtin", "ipmitool"]).default("builtin"),
      mapping: bmcMapping(),
    }),
    strict({
      kind: z.literal("redfish"),
      url: url(["https"]),
      user: text(),
      password: words.secret(),
      tls: tlsTrust(words),
      system: text()
        .nullable()
        .default(null)
        .describe("Its id below /redfish/v1/Systems. Default: the only one there is."),
      mapping: bmcMapping(),
    }),
  ]);

const nodeFields = (words: Words) => ({
  address: text().nullable().default(null),
  ssh: sshAccess(words).nullable().default(null),
  bmc: bmcAccess(words).nullable().default(null),
});

/** A node without its name, which is the key that it is under. */
export const nodeAccess = (words: Words) => strict(nodeFields(words)).transform(withSshHost);

/** A node that bears its name, in a list. */
export const namedNodeAccess = (words: Words) =>
  strict({ name: nodeName(), ...nodeFields(words) }).transform((node, context) => ({
    name: node.name,
    ...withSshHost(node, context),
  }));

interface RawNode {
  readonly address: string | null;
  readonly ssh: z.output<ReturnType<typeof sshAccess>> | null;
  readonly bmc: z.output<ReturnType<typeof bmcAccess>> | null;
}

function withSshHost({ address, ssh, bmc }: RawNode, context: z.RefinementCtx) {
  if (ssh === null) return { address, ssh, bmc };
  const host = ssh.host ?? address;
  if (host !== null) return { address, ssh: { ...ssh, host }, bmc };
  context.addIssue({
    code: "custom",
    path: ["ssh"],
    message: "has no host; give ssh.host, or the node's address",
  });
  return z.NEVER;
}
