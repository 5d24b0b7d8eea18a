import { z } from "zod";
import { duration, namespace, port, secret, strict, text } from "../schema/fields.ts";
import type { ResolvePath } from "../schema/fields.ts";
import { shortOr } from "../schema/short-or.ts";

/** The probe workload of an arm. */
export const desktop = (resolvePath: ResolvePath) =>
  z.discriminatedUnion("kind", [proxmoxDesktop(resolvePath), kubernetesDesktop(resolvePath)]);

const vmid = () => z.int().min(100).max(999_999_999);
/** Since PVE 8.1 pools may lie in pools: "a/b/c". */
const POOL = /^[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+){0,2}$/;
const urlPath = () => z.string().regex(/^\/\S*$/, { error: "must begin with /" });
const NOVNC_PORT = 6080;
const page = () => urlPath().default("/vnc.html");
const websocket = () => urlPath().default("/websockify");
const vncPassword = (resolvePath: ResolvePath) =>
  secret(resolvePath)
    .nullable()
    .default(null)
    .describe("Password of the desktop's VNC server; none when it asks for none.");

const proxmoxDesktop = (resolvePath: ResolvePath) =>
  strict({
    kind: z.literal("proxmox"),
    source: z.discriminatedUnion("kind", [
      strict({
        kind: z.literal("clone"),
        template: vmid(),
        pool: z
          .string()
          .regex(POOL, { error: "must be the name of a pool" })
          .nullable()
          .default(null)
          .describe("The clone goes into this pool, so that rights on it suffice for the token."),
      }),
      strict({ kind: z.literal("existing"), vmid: vmid() }),
    ]),
    reach: shortOr(
      ["guest", "console"],
      z.discriminatedUnion("kind", [
        strict({
          kind: z.literal("guest"),
          address: text()
            .nullable()
            .default(null)
            .describe("The guest's address; asked of its QEMU guest agent when not given."),
          port: port().default(NOVNC_PORT),
          page: page(),
          websocket: websocket(),
        }),
        strict({ kind: z.literal("console") }),
      ]),
    )
      .prefault("guest")
      .describe("guest: noVNC in the guest. console: PVE's own, once a second at most."),
    vnc_password: vncPassword(resolvePath),
  });

const kubernetesDesktop = (resolvePath: ResolvePath) =>
  strict({
    kind: z.literal("kubernetes"),
    namespace: namespace().default("blackout"),
    image: text().describe("An image that serves noVNC."),
    port: port().default(NOVNC_PORT).describe("The container port that serves noVNC."),
    toleration: z
      .union([duration(), z.literal("default")])
      .default("default")
      .refine((value) => value === "default" || value % 1000 === 0, {
        error: "must be whole seconds",
      })
      .describe(
        "How long a pod stays bound to a node that is gone: tolerationSeconds for not-ready and unreachable. default: the cluster's own, usually 300 s.",
      ),
    page: page(),
    websocket: websocket(),
    reach: shortOr(
      ["ingress", "node-port"],
      z.discriminatedUnion("kind", [
        strict({ kind: z.literal("ingress"), host: text().nullable().default(null) }),
        strict({ kind: z.literal("node-port") }),
        strict({
          kind: z.literal("url"),
          url: z.string().regex(/^https?:\/\/\S+$/, { error: "must be http(s)://..." }),
        }),
      ]),
    )
      .prefault("ingress")
      .describe("The way in. In url, {namespace} and {service} are filled in."),
    vnc_password: vncPassword(resolvePath),
  }).transform(({ toleration, ...rest }) => ({
    ...rest,
    toleration_s: toleration === "default" ? null : toleration / 1000,
  }));
