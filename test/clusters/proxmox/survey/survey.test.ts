import { describe, expect, it } from "vitest";
import { ProxmoxApiError } from "../../../../src/clients/proxmox/api-error.ts";
import { judgeManager, judgeWatchdogs } from "../../../../src/clusters/proxmox/survey/ha.ts";
import { judgeRights } from "../../../../src/clusters/proxmox/survey/rights.ts";
import {
  judgeOptions,
  judgeTotem,
  readTotem,
} from "../../../../src/clusters/proxmox/survey/settings.ts";
import {
  judgeStorage,
  judgeTemplates,
  sharedStorages,
  templatesIn,
} from "../../../../src/clusters/proxmox/survey/storage.ts";
import { surveyCluster } from "../../../../src/clusters/proxmox/survey/survey-cluster.ts";
import type { Finding } from "../../../../src/model/survey.ts";
import { ADMINISTRATOR } from "../../../../src/lab/proxmox/privileges.ts";
import { clusterOf } from "../../../clients/proxmox/fake-pve.ts";
import { VirtualClock } from "../../../support/virtual-clock.ts";
import { fakeApi, sessionOf } from "../fake-api.ts";
import { recorded } from "../recorded.ts";
import { SmallCluster } from "../small-cluster.ts";

const levels = (findings: readonly Finding[]) => findings.map(({ level }) => level);
const TOKEN = "blackout@pve!chaos";

/** What an administrator's token is told of itself, changed as wished. */
const everything = Object.assign({}, ...Object.values(ADMINISTRATOR), {
  "Pool.Allocate": 1,
  "Pool.Audit": 1,
}) as Record<string, number>;
const without = (...names: readonly string[]): Record<string, number> =>
  Object.fromEntries(Object.entries(everything).filter(([name]) => !names.includes(name)));

describe("judgeRights", () => {
  it("is content with an administrator", () => {
    expect(levels(judgeRights(TOKEN, { "/": everything }, 9))).toEqual(["ok"]);
  });

  it("names the privilege that is missing, where, and the call that needs it", () => {
    const [found] = judgeRights(TOKEN, { "/": without("Sys.Console") }, 9);
    expect(found).toMatchObject({ level: "problem", subject: TOKEN });
    expect(found?.saw).toContain("Sys.Console is not granted on /");
    expect(found?.needs).toContain("/cluster/ha/resources");
  });

  it("takes what only some experiments need for a note", () => {
    const found = judgeRights(TOKEN, { "/": without("VM.Console", "Sys.PowerMgmt") }, 9);
    expect(levels(found)).toEqual(["ok", "note", "note"]);
  });

  it("knows the guest agent's privilege by the name of each release", () => {
    const old = {
      ...without("VM.GuestAgent.Audit", "VM.GuestAgent.Unrestricted"),
      "VM.Monitor": 1,
    };
    expect(levels(judgeRights(TOKEN, { "/": old }, 8))).toEqual(["ok"]);
  });

  it("wants SDN.Use from PVE 8 on, and not before", () => {
    const data = { "/": without("SDN.Use") };
    expect(levels(judgeRights(TOKEN, data, 7))).toEqual(["ok"]);
    expect(levels(judgeRights(TOKEN, data, 8))).toEqual(["problem"]);
  });

  it("does not let a right that is not propagated hold below its path", () => {
    const data = { "/": { ...everything, "VM.Allocate": 0, "Sys.Audit": 0 }, "/nodes": everything };
    const found = judgeRights(TOKEN, data, 9);
    expect(found.map(({ saw }) => saw)).toEqual(["VM.Allocate is not granted on /vms"]);
  });

  it("lets the closest path decide, whatever stands above it", () => {
    const data = { "/": everything, "/vms": { "VM.Audit": 1 } };
    expect(judgeRights(TOKEN, data, 9).filter(({ level }) => level === "problem").length).toBe(4);
  });

  it("wants the lock's rights on all pools: PVE forgets those on a pool with the pool", () => {
    const lock = { "Pool.Allocate": 1, "Pool.Audit": 1 };
    const user = without("Pool.Allocate", "Pool.Audit");
    expect(levels(judgeRights(TOKEN, { "/": user, "/pool": lock }, 9))).toEqual(["ok"]);
    const own = judgeRights(TOKEN, { "/": user, "/pool/blackout-lock": lock }, 9);
    expect(own.map(({ level, saw }) => [level, saw])).toEqual([
      ["problem", "Pool.Allocate is not granted on /pool, only on /pool/blackout-lock"],
      ["problem", "Pool.Audit is not granted on /pool, only on /pool/blackout-lock"],
    ]);
    const notBelow = { "/": user, "/pool": { "Pool.Allocate": 0, "Pool.Audit": 0 } };
    expect(levels(judgeRights(TOKEN, notBelow, 9))).toEqual(["problem", "problem"]);
  });

  it("says where a missing right is granted instead", () => {
    const data = { "/": without("VM.Clone"), "/pool/test": { "VM.Clone": 1 } };
    expect(judgeRights(TOKEN, data, 9)[0]?.saw).toContain("only on /pool/test");
  });
});

describe("judgeTotem", () => {
  const cluster = clusterOf([]);

  it("compares with the inventory, and proposes what the cluster has", () => {
    expect(
      levels(judgeTotem(cluster, readTotem({ token: "3000", token_coefficient: "650" }))),
    ).toEqual(["ok"]);
    const [found] = judgeTotem(cluster, readTotem({ token: "10000", token_coefficient: 125 }));
    expect(found).toMatchObject({
      level: "problem",
      paste: { corosync: { token: "10s", token_coefficient: "125ms" } },
    });
  });

  it("takes corosync's own defaults where corosync.conf says nothing", () => {
    expect(readTotem({ version: "2" })).toEqual({ token_ms: 3000, token_coefficient_ms: 650 });
  });
});

describe("judgeOptions", () => {
  it.each([
    [{}, "ok", "conditional (the default)"],
    [{ ha: { shutdown_policy: "failover" } }, "ok", "failover"],
    [{ ha: "shutdown_policy=migrate" }, "note", "migrate"],
    [{ ha: { shutdown_policy: "freeze" } }, "note", "freeze"],
  ])("%j", (data, level, words) => {
    const [found] = judgeOptions("lab", data);
    expect(found?.level).toBe(level);
    expect(found?.saw).toContain(words);
  });
});

describe("storage and templates", () => {
  const storages = [
    { storage: "local", node: "pve1", shared: 0, content: "images,iso" },
    { storage: "nfs-iso", node: "pve1", shared: 1, content: "iso" },
    { storage: "ceph", node: "pve1", shared: 1, content: "images,rootdir" },
    { storage: "ceph", node: "pve2", shared: 1, content: "images,rootdir" },
  ];

  it("count shared storage only where it takes disks", () => {
    expect(sharedStorages(storages)).toEqual(["ceph"]);
    expect(levels(judgeStorage("lab", ["ceph"]))).toEqual(["ok"]);
    expect(levels(judgeStorage("lab", sharedStorages(storages.slice(0, 2))))).toEqual(["problem"]);
  });

  it("find templates, and what ties their clones to one node", () => {
    const vm = { node: "pve1", type: "qemu", template: 1 };
    const templates = templatesIn([
      { ...vm, vmid: 9001, name: "tied" },
      { ...vm, vmid: 9000, name: "free" },
      { ...vm, vmid: 100, name: "a guest", template: 0 },
    ]);
    expect(templates.map(({ vmid }) => vmid)).toEqual([9000, 9001]);
    const configs = new Map([
      [9000, { scsi0: "ceph:base-9000-disk-0" }],
      [9001, { scsi0: "local:base-9001-disk-0" }],
    ]);
    const found = judgeTemplates("lab", templates, configs, ["ceph"]);
    expect(levels(found)).toEqual(["ok", "note"]);
    expect(found[1]?.saw).toContain("local storage local");
    expect(levels(judgeTemplates("lab", templates, new Map(), ["ceph"]))).toEqual(["note", "note"]);
    expect(levels(judgeTemplates("lab", [], configs, ["ceph"]))).toEqual(["note"]);
  });
});

/** As a real PVE 9.2 answered. */
describe("the recorded HA state", () => {
  it("tells the master, its LRMs and how old their words are", () => {
    const found = judgeManager("labc", recorded("07"), 1795319422);
    expect(found.map(({ saw }) => saw)).toEqual([
      "CRM master is pv7, 8 s ago; 1 service(s)",
      "LRM wait_for_agent_lock, 2 s ago",
      "LRM active, 1 s ago",
      "LRM wait_for_agent_lock, 5 s ago",
    ]);
  });

  it("tells what the watchdogs do", () => {
    const [found] = judgeWatchdogs("labc", recorded("08"));
    expect(found?.level).toBe("ok");
    expect(found?.saw).toContain("fencing armed (CRM watchdog active)");
    expect(found?.saw).toContain("pv8 watchdog active");
  });

  it("says that older releases do not tell", () => {
    expect(judgeWatchdogs("labc", [{ type: "quorum", status: "OK" }])[0]?.saw).toContain("9.2");
  });
});

describe("surveyCluster", () => {
  const silent = ["/cluster/options", "/cluster/ha/status/current"];

  async function survey(change: (call: string) => unknown) {
    const clock = new VirtualClock();
    const small = new SmallCluster();
    const api = fakeApi(clock, (call, host, form) => {
      const path = call.slice("GET ".length);
      const changed = change(path);
      if (changed !== undefined) return changed;
      if (path === "/access/permissions") return { "/": everything };
      if (path === "/cluster/config/totem") return { token: "3000", token_coefficient: "125" };
      if (silent.includes(path)) throw refused(path);
      return small.answer(call, host, form);
    });
    const facts = await clock.runUntilSettled(surveyCluster(sessionOf(clock, api)));
    return { facts, calls: api.calls };
  }

  it("reads identity, health and timers, changes nothing, and says what cannot be known", async () => {
    const { facts, calls } = await survey(() => undefined);
    expect(calls.filter((call) => !/^pv\d GET /u.test(call))).toEqual([]);
    expect(facts.identity?.name).toBe("labc");
    expect(facts.health?.nodes.length).toBe(3);
    expect(facts.timing).toMatchObject({
      settings: { token_ms: 3000, token_coefficient_ms: 125, nodes: 3 },
    });
    const unknown = facts.findings.filter(({ saw }) => saw.startsWith("cannot be known"));
    expect(unknown.map(({ topic, level }) => `${topic} ${level}`)).toEqual([
      "ha note",
      "settings note",
    ]);
  });

  it("takes an answer that makes no sense for none", async () => {
    const { facts } = await survey((path) => (path === "/access/permissions" ? ["?"] : undefined));
    const rights = facts.findings.filter(({ topic }) => topic === "rights");
    expect(levels(rights)).toEqual(["note"]);
  });

  it("cannot allow a run on a cluster that does not tell its health", async () => {
    const { facts } = await survey((path) => {
      if (path === "/cluster/status") throw refused(path);
    });
    expect(facts.health).toBeNull();
    const problems = facts.findings.filter(({ level }) => level === "problem");
    expect(problems.map(({ topic }) => topic)).toEqual(
      expect.arrayContaining(["identity", "quorum"]),
    );
  });
});

const refused = (path: string): ProxmoxApiError =>
  new ProxmoxApiError(
    { host: "https://pv7:8006", method: "GET", path },
    { status: 403, reason: "Permission check failed", errors: {} },
  );
