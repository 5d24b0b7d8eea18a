import { z } from "zod";
import type { DesktopSpec } from "../../model/experiment.ts";
import { layers } from "../../model/experiment.ts";
import { duration, nodeName, strict, text, wait } from "../schema/fields.ts";
import type { ResolvePath } from "../schema/fields.ts";
import { shortOr } from "../schema/short-or.ts";
import { desktop } from "./desktop.ts";
import { fault } from "./fault.ts";
import { moment } from "./moment.ts";

/** One condition of an experiment, without its name, which is the key that it is under. */
export const arm = (resolvePath: ResolvePath) =>
  strict({
    cluster: text().describe("A cluster of the inventory."),
    trials: z.int().min(1).max(10_000).default(10),
    desktop: desktop(resolvePath),
    placement: placement(),
    fault: fault(),
    when: moment(),
    probe: probe(),
    limits: limits(),
    pictures: z
      .boolean()
      .optional()
      .describe(
        "Keep a picture of the desktop's screen, before the kill and once it answers again. Default: true for a desktop that the run deploys, false for an existing VM, whose screen may show secrets.",
      ),
    cooldown: duration()
      .prefault("10s")
      .describe("Rest after a trial has healed, before the next one starts."),
  }).transform(({ cooldown, pictures, ...rest }) => ({
    ...rest,
    pictures: pictures ?? isDeployed(rest.desktop),
    cooldown_ms: cooldown,
  }));

/** Nobody works on it: what it shows is what its template or image does. */
const isDeployed = (spec: DesktopSpec): boolean =>
  spec.kind === "kubernetes" || spec.source.kind !== "existing";

const placement = () =>
  shortOr(
    ["any", "crm-master", "not-crm-master"],
    z.discriminatedUnion("kind", [
      strict({ kind: z.literal("any") }),
      strict({ kind: z.literal("crm-master") }),
      strict({ kind: z.literal("not-crm-master") }),
      strict({ kind: z.literal("node"), node: nodeName() }),
    ]),
  )
    .prefault("any")
    .describe("Where the desktop is when the fault strikes.");

/** Defaults: DESIGN 6. */
const probe = () =>
  strict({
    depth: z.enum(layers).default("frame").describe("How deep an attempt must get to be good."),
    period: wait().prefault("250ms").describe("Distance of the grid's points."),
    connect_timeout: wait().prefault("1s"),
    attempt_timeout: wait().prefault("2s"),
    max_in_flight: z.int().min(1).max(256).default(16),
    consecutive: z
      .int()
      .min(1)
      .max(1000)
      .default(4)
      .describe("How many good samples in a row count as answering again."),
  })
    .refine((grid) => grid.connect_timeout <= grid.attempt_timeout, {
      path: ["connect_timeout"],
      error: "must not be longer than attempt_timeout, of which it is a part",
    })
    .transform((grid) => ({
      depth: grid.depth,
      period_ms: grid.period,
      connect_timeout_ms: grid.connect_timeout,
      attempt_timeout_ms: grid.attempt_timeout,
      max_in_flight: grid.max_in_flight,
      consecutive: grid.consecutive,
    }))
    .prefault({});

const limits = () =>
  strict({
    ready: wait().prefault("10m").describe("The cluster becoming ready for a trial."),
    steady: wait().prefault("5m").describe("The desktop being deployed and answering steadily."),
    confirm: wait().prefault("60s").describe("The victim being proven gone."),
    recovery: wait().prefault("10m").describe("Fault to recovery; then the trial is censored."),
    heal: wait().prefault("20m").describe("Everything that takes the trial back."),
  })
    .transform((limit) => ({
      ready_ms: limit.ready,
      steady_ms: limit.steady,
      confirm_ms: limit.confirm,
      recovery_ms: limit.recovery,
      heal_ms: limit.heal,
    }))
    .prefault({});
