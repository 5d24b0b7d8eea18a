import { expect, test } from "vitest";
import { managerStatus } from "../../../src/clients/proxmox/replies.ts";
import type { FencedNodes } from "../../../src/clusters/proxmox/fenced-nodes.ts";
import { noteFenced } from "../../../src/clusters/proxmox/fenced-nodes.ts";
import type { ControlPlaneEvent } from "../../../src/model/cluster-facts.ts";
import { lookWith } from "./recorded.ts";

const lookAt = (state: string, timestamp: number) =>
  lookWith(0, 10, {
    manager: managerStatus.parse({ manager_status: {}, lrm_status: { pv8: { state, timestamp } } }),
  });

const fenced: ControlPlaneEvent = {
  kind: "fenced",
  observed_ms: [0, 10],
  node: "pv8",
  instance: null,
  stamp: null,
  source: "manager_status",
  raw: null,
};

test("noteFenced keeps a fenced node until its LRM has been active again, which a dead one's last status is not", () => {
  const dead = lookAt("active", 100);
  let known: FencedNodes = noteFenced(new Map(), dead, []);
  expect([...known.keys()]).toEqual([]);
  known = noteFenced(known, dead, [fenced]);
  known = noteFenced(known, dead, []);
  expect([...known.keys()]).toEqual(["pv8"]);
  known = noteFenced(known, lookAt("wait_for_agent_lock", 300), []);
  expect([...known.keys()]).toEqual(["pv8"]);
  known = noteFenced(known, lookAt("active", 500), []);
  expect([...known.keys()]).toEqual([]);
});
