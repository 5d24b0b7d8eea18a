import { readdirSync, readFileSync } from "node:fs";
import { milliseconds, at } from "../../../src/base/time.ts";
import {
  clusterStatus,
  managerStatus,
  tasks,
  vmResources,
} from "../../../src/clients/proxmox/replies.ts";
import { onlineNodes } from "../../../src/clients/proxmox/calls.ts";
import type { Look } from "../../../src/clusters/proxmox/look.ts";

const folder = new URL("../../fixtures/pve-api-replies/", import.meta.url);

/** `data` of a reply that was recorded from a real PVE 9.2, by the number of its file. */
export function recorded(number: string): unknown {
  const name = readdirSync(folder).find((each) => each.startsWith(`${number}-`)) ?? "";
  const text = readFileSync(new URL(name, folder), "utf8");
  const body: unknown = JSON.parse(text.slice(text.lastIndexOf('\n{"')).trim());
  return typeof body === "object" && body !== null && "data" in body ? body.data : null;
}

const healthy: Omit<Look, "during"> = {
  host: { url: "https://10.88.0.17:8006", node: "pv7" },
  quorate: true,
  online: onlineNodes(clusterStatus.parse(recorded("06"))),
  lowest: "pv7",
  manager: managerStatus.parse(recorded("07")),
  vmNodes: new Map(vmResources.parse(recorded("10")).map((vm) => [vm.vmid, vm.node])),
  tasks: tasks.parse(recorded("30")),
};

/** A healthy cluster of pv7, pv8 and pv9 with VM 100 on pv8, as it was recorded, looked at from `from` to `to` ms. */
export const healthyLook = (from: number, to: number): Look => ({
  ...healthy,
  during: { earliest: at(milliseconds(from)), latest: at(milliseconds(to)) },
});

/** A healthy look with another moment and some things different. */
export const lookWith = (from: number, to: number, changed: Partial<Look>): Look => ({
  ...healthyLook(from, to),
  ...changed,
});

/**
 * The looks that an observer would have taken in a recorded failover: one for each second of `poll-*.csv`, each showing
 * what the last poll before it had shown.
 */
export function looksFrom(trace: string): readonly Look[] {
  const rows = readFileSync(new URL(trace, folder), "utf8")
    .split("\n")
    .slice(1)
    .filter((line) => line.includes("200 OK"))
    .map((line) => {
      const [at_s = "", , call = "", , , ...summary] = line.split(",");
      return { at_ms: Number(at_s) * 1000, call, summary: summary.join(",") };
    })
    .toSorted((a, b) => a.at_ms - b.at_ms);
  const end = Math.ceil((rows.at(-1)?.at_ms ?? 0) / 1000);
  const looks: Look[] = [];
  let look = healthyLook(0, 0);
  for (let second = 1; second <= end; second++) {
    const [from, to] = [second * 1000, second * 1000 + 10];
    for (const row of rows) {
      if (row.at_ms <= from && row.at_ms > from - 1000) look = applied(look, row);
    }
    look = { ...look, during: healthyLook(from, to).during };
    looks.push(look);
  }
  return looks;
}

function applied(look: Look, row: { call: string; summary: string }): Look {
  if (row.call === "GET /cluster/status") {
    const online = [...row.summary.matchAll(/(pv\d):1/g)].map((match) => match[1] ?? "");
    return { ...look, online: new Set(online) };
  }
  if (row.call !== "GET /cluster/ha/status/manager_status" || row.summary === "") return look;
  const nodes = /nodes=(.*?) svc=/.exec(row.summary)?.[1] ?? "";
  const [state = "", node = "", run = ""] = (/svc=(\S+)/.exec(row.summary)?.[1] ?? "").split("/");
  return {
    ...look,
    manager: managerStatus.parse({
      manager_status: {
        master_node: "pv7",
        timestamp: 1795319588,
        node_status: Object.fromEntries(nodes.split(" ").map((each) => each.split(":"))),
        service_status: { "vm:100": { state, node, uid: `${state}-${node}`, running: run.at(-1) } },
      },
      lrm_status: {},
    }),
  };
}
