import { z } from "zod";
import type { FaultSpec, ServiceName } from "../../model/fault-spec.ts";
import { services, shutdownPolicies } from "../../model/fault-spec.ts";
import { nodeName, strict, text, wait } from "../schema/fields.ts";
import { shortOr } from "../schema/short-or.ts";

/** Those that need nothing else may be written as their bare kind: `fault: drain`. */
const bare = [
  "power",
  "forced-poweroff",
  "shutdown",
  "network-cut",
  "freeze",
  "cordon",
  "drain",
  "evict",
  "out-of-service",
  "maintenance",
  "migrate",
] as const satisfies readonly FaultSpec["kind"][];

export const fault = () =>
  shortOr(
    bare,
    z.discriminatedUnion("kind", [
      ...machineFaults(),
      ...operatingSystemFaults(),
      ...apiFaults(),
      command(),
    ]),
  ).describe("How the node, or the desktop on it, is taken away.");

const overSsh = () => z.literal("ssh").default("ssh");
const overApi = () => z.literal("api").default("api");

/** The machine is dead at once. */
const machineFaults = () =>
  [
    strict({
      kind: z.literal("power"),
      action: z.enum(["off", "cycle"]).default("off"),
      over: z.enum(["ipmi", "redfish"]).default("ipmi"),
    }),
    strict({
      kind: z.literal("sysrq"),
      key: z.enum(["o", "b", "c"]).describe("o powers off, b resets at once, c panics."),
      over: overSsh(),
    }),
    strict({ kind: z.literal("forced-poweroff"), over: overSsh() }),
  ] as const;

/** The machine lives on, for a while at least. */
const operatingSystemFaults = () =>
  [
    strict({
      kind: z.literal("shutdown"),
      action: z.enum(["poweroff", "reboot"]).default("poweroff"),
      over: z
        .enum(["ssh", "ipmi", "redfish", "api"])
        .default("ssh")
        .describe(
          "api: Proxmox VE's node shutdown. ipmi, redfish: the power button (poweroff only).",
        ),
      policy: z
        .enum(shutdownPolicies)
        .nullable()
        .default(null)
        .describe("What the cluster's shutdown_policy has to be; it is never changed."),
    }).refine(({ action, over }) => action === "poweroff" || over === "ssh" || over === "api", {
      path: ["action"],
      error: "cannot be reboot over a BMC, whose power button only asks to power off",
    }),
    strict({
      kind: z.literal("network-cut"),
      cut: z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}$/, {
          error: "must be all, an interface (eno2), or a network by its address (10.10.0.0/24)",
        })
        .default("all"),
      for: wait()
        .prefault("3m")
        .describe("After this long a timer on the victim takes its links up again."),
      over: overSsh(),
    }).transform(({ for: length, ...rest }) => ({ ...rest, for_ms: length })),
    strict({
      kind: z.literal("service"),
      service: z.enum(Object.keys(services).filter(isService)),
      action: z.enum(["stop", "kill"]).default("kill").describe("kill: SIGKILL (kill -9)."),
      over: overSsh(),
    }),
    strict({ kind: z.literal("freeze"), over: overSsh() }),
    strict({ kind: z.literal("maintenance"), over: overSsh() }),
  ] as const;

const isService = (name: string): name is ServiceName => name in services;

const apiFaults = () =>
  [
    strict({ kind: z.enum(["cordon", "drain", "evict", "out-of-service"]), over: overApi() }),
    strict({
      kind: z.literal("migrate"),
      to: nodeName().nullable().default(null).describe("Default: any other node."),
      over: overApi(),
    }),
  ] as const;

const command = () =>
  strict({
    kind: z.literal("command"),
    program: z.string().regex(/^\//, { error: "must be an absolute path" }),
    arguments: z.array(text()).max(64).default([]),
    leaves: z
      .enum(["off", "hung", "rebooting"])
      .default("off")
      .describe(
        "The node after `inject`: without power, powered and dead, or coming back by itself.",
      ),
    limit: wait().prefault("30s").describe("For each call of the program."),
  }).transform(({ limit, ...rest }) => ({ ...rest, limit_ms: limit }));
