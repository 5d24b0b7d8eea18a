import { z } from "zod";
import { parse } from "../../../clients/shared/parse.ts";
import { managerStatus } from "../../../clients/proxmox/replies.ts";
import type { Finding } from "../../../model/survey.ts";
import { note, ok } from "../../../model/survey.ts";

/** Who is master and what each LRM does, from `manager_status`. `date`: the server's clock then, in epoch seconds. */
export function judgeManager(
  cluster: string,
  data: unknown,
  date: number | null,
): readonly Finding[] {
  const { manager_status: manager, lrm_status: lrms } = parse(
    managerStatus,
    data,
    "GET /cluster/ha/status/manager_status",
  );
  const ago = (stamp: number | null): string =>
    stamp === null || date === null ? "" : `, ${Math.max(0, date - stamp)} s ago`;
  const about = { topic: "ha", subject: cluster } as const;
  const { master_node: master, service_status: services } = manager;
  const named = master !== null && master !== "";
  const count = Object.keys(services).length;
  return [
    named
      ? ok(about, `CRM master is ${master}${ago(manager.timestamp)}; ${count} service(s)`)
      : note(about, `no CRM master; ${count} service(s). With nothing under HA it is idle`),
    ...Object.entries(lrms)
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([node, { state, timestamp }]) =>
        ok({ topic: "ha", subject: node }, `LRM ${state}${ago(timestamp)}`),
      ),
  ];
}

const current = z.array(
  z.looseObject({
    type: z.string(),
    node: z.string().optional(),
    status: z.string().default(""),
    "armed-state": z.string().optional(),
  }),
);

/** What the watchdogs do, which only PVE 9.2 and later tell (facts 2.4). */
export function judgeWatchdogs(cluster: string, data: unknown): readonly Finding[] {
  const entries = parse(current, data, "GET /cluster/ha/status/current");
  const fencing = entries.find(({ type }) => type === "fencing");
  const about = { topic: "ha", subject: cluster } as const;
  if (fencing === undefined) {
    return [note(about, "this release does not tell what its watchdogs do (9.2 and later do)")];
  }
  const states = entries
    .filter(({ type }) => type === "lrm")
    .flatMap(({ node, status }) => {
      const state = /watchdog [a-z]+/u.exec(status)?.[0];
      return state === undefined ? [] : [`${node ?? "?"} ${state}`];
    });
  const saw = [`fencing ${fencing.status}`, ...states].join("; ");
  return [fencing["armed-state"] === "armed" ? ok(about, saw) : note(about, saw)];
}
