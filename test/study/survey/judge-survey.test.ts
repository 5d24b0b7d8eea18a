import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import type { MachineBelow } from "../../../src/contracts/machines.ts";
import type { NodeAccess, ProxmoxCluster } from "../../../src/model/inventory.ts";
import { defaultProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import { defaultSafety } from "../../../src/model/safety.ts";
import type { Finding, SurveyFacts } from "../../../src/model/survey.ts";
import { note, ok, problem } from "../../../src/model/survey.ts";
import { judgeSurvey as judge } from "../../../src/study/survey/judge-survey.ts";
import { clusterOf } from "../../clients/proxmox/fake-pve.ts";
import { health, node, ownMachine } from "../../support/fake-study.ts";

const bmc: NodeAccess["bmc"] = {
  kind: "ipmi",
  host: "192.0.2.1",
  port: 623,
  user: "u",
  password: { kind: "env", name: "P" },
  cipher_suite: 17,
  via: "builtin",
  mapping: "uuid",
};
const ssh: NodeAccess["ssh"] = {
  host: "192.0.2.1",
  port: 22,
  user: "root",
  key: { kind: "env", name: "K" },
  host_key: "insecure",
};
const access = (name: string, ways: Partial<NodeAccess> = {}): NodeAccess => ({
  name,
  address: null,
  ssh,
  bmc,
  ...ways,
});

const cluster = (changes: Partial<ProxmoxCluster> = {}): ProxmoxCluster => ({
  ...clusterOf([
    { url: "https://pve1:8006", node: "pve1" },
    { url: "https://pve2:8006", node: "pve2" },
  ]),
  identity: { name: "office", ca_fingerprint: "AA:BB" },
  nodes: [access("pve1"), access("pve2"), access("pve3")],
  ...changes,
});

const facts = (changes: Partial<SurveyFacts> = {}): SurveyFacts => ({
  reached: true,
  identity: { kind: "proxmox", name: "office", fingerprint: "AA:BB", version: "9.2" },
  health: health(),
  timing: { kind: "proxmox", settings: defaultProxmoxSettings },
  findings: [],
  ...changes,
});

const noon = DateTime.fromISO("2026-11-25T12:00:00Z");
const judgeSurvey = (
  of: ProxmoxCluster,
  seen: SurveyFacts,
  findings: readonly Finding[],
  machines: ReadonlyMap<string, MachineBelow> = new Map(),
): readonly Finding[] => {
  const apiPlaces = of.api.hosts.map(({ node: on }) => ({ node: on, addresses: [] }));
  return judge(of, seen, { findings, machines, apiPlaces, own: ownMachine, now: noon });
};

const problems = (findings: readonly Finding[]): readonly string[] =>
  findings
    .filter(({ level }) => level === "problem")
    .map(({ topic, subject }) => `${topic} ${subject}`);

const find = (findings: readonly Finding[], topic: string, subject: string): Finding => {
  const found = findings.find((each) => each.topic === topic && each.subject === subject);
  if (found === undefined) throw new Error(`nothing is said of ${topic} ${subject}`);
  return found;
};

describe("judgeSurvey", () => {
  it("finds no problem in a healthy, armed and pinned cluster, and says who may be killed", () => {
    const findings = judgeSurvey(cluster(), facts(), []);
    expect(problems(findings)).toEqual([]);
    expect(find(findings, "victim", "pve2").saw).toBe("may be killed: power over its BMC, and SSH");
    expect(find(findings, "identity", "lab").level).toBe("ok");
  });

  it("tells topics in one order, whatever order they came in", () => {
    const bmcFirst = [
      ok({ topic: "bmc", subject: "pve1" }, "on"),
      ok({ topic: "ssh", subject: "pve1" }, "in"),
    ];
    const topics = judgeSurvey(cluster(), facts(), bmcFirst).map(({ topic }) => topic);
    expect(topics.indexOf("ssh")).toBeLessThan(topics.indexOf("bmc"));
    expect(topics.indexOf("bmc")).toBeLessThan(topics.indexOf("victim"));
    expect(topics[0]).toBe("identity");
  });

  it("calls a cluster that is not armed a problem, and proposes no line that would arm it unread", () => {
    const arming = find(judgeSurvey(cluster({ armed: false }), facts(), []), "arming", "lab");
    expect(arming).toMatchObject({ level: "problem", paste: null });
  });

  it("calls another cluster than the pinned one a problem", () => {
    const other = cluster({ identity: { name: "other", ca_fingerprint: null } });
    expect(problems(judgeSurvey(other, facts(), []))).toEqual(["identity lab"]);
  });

  it("proposes the pins that are missing, with a way to make sure of them", () => {
    const unpinned = cluster({ identity: { name: null, ca_fingerprint: null } });
    const found = find(judgeSurvey(unpinned, facts(), []), "identity", "lab");
    expect(found.level).toBe("note");
    expect(found.paste).toEqual({ identity: { name: "office", ca_fingerprint: "AA:BB" } });
    expect(found.needs).toContain("pve-root-ca.pem");
  });

  it("does not propose an unverified host's fingerprint as the cluster's CA", () => {
    const api = { ...cluster().api, tls: { kind: "insecure" } as const };
    const insecure = cluster({ api, identity: { name: null, ca_fingerprint: null } });
    const found = find(judgeSurvey(insecure, facts(), []), "identity", "lab");
    expect(found.paste).toEqual({ identity: { name: "office" } });
  });

  it("asks the guards of a run for each node, and lets a protected one be", () => {
    const busy = health({
      nodes: [node("pve1", { workloads: ["mail (100)"] }), node("pve2"), node("pve3")],
    });
    const judged = judgeSurvey(cluster(), facts({ health: busy }), []);
    expect(problems(judged)).toEqual(["victim pve1"]);
    expect(find(judged, "victim", "pve1").saw).toContain("other-workloads: pve1 also runs mail");
    const safety = { ...defaultSafety, protected_nodes: ["pve1"] };
    expect(problems(judgeSurvey(cluster({ safety }), facts({ health: busy }), []))).toEqual([]);
  });

  it("says that nobody may be killed when all that take desktops are protected", () => {
    const safety = { ...defaultSafety, protected_nodes: ["pve1", "pve2", "pve3"] };
    expect(problems(judgeSurvey(cluster({ safety }), facts(), []))).toEqual(["victim lab"]);
  });

  it("refuses the only node with an API host, whose loss would leave nobody to ask", () => {
    const api = { ...cluster().api, hosts: [{ url: "https://pve1:8006", node: "pve1" }] };
    expect(problems(judgeSurvey(cluster({ api }), facts(), []))).toEqual(["victim pve1"]);
  });

  it("refuses the machine that this runs on, by what the cluster or the node itself told", () => {
    const machine = { boot_id: "our-boot", machine_id: null, addresses: [] };
    const nodes = [node("pve1", { machine }), node("pve2"), node("pve3")];
    const told = judgeSurvey(cluster(), facts({ health: health({ nodes }) }), []);
    expect(problems(told)).toEqual(["victim pve1"]);
    const asked = judgeSurvey(
      cluster(),
      facts(),
      [],
      new Map([["pve2", { machine, login: null }]]),
    );
    expect(find(asked, "victim", "pve2").saw).toContain("own-machine");
  });

  it("refuses a node whose entry has the ways into another one", () => {
    const machine = { boot_id: "b3", machine_id: "m3", addresses: [] };
    const login = { boot_id: "b3", machine_id: "m3", hostname: "pve3" };
    const judged = judgeSurvey(cluster(), facts(), [], new Map([["pve2", { machine, login }]]));
    expect(problems(judged)).toEqual(["victim pve2"]);
    expect(find(judged, "victim", "pve2").saw).toContain(
      "ssh-mapping: the inventory's ssh of pve2",
    );
  });

  it("says once that no window is open, and when the next one opens", () => {
    const night = { days: ["sat"], from: "22:00", to: "04:00", zone: "Europe/Zurich" } as const;
    const safety = { ...defaultSafety, windows: [night] };
    const judged = judgeSurvey(cluster({ safety }), facts(), []);
    expect(problems(judged)).toEqual(["victim lab"]);
    expect(find(judged, "victim", "lab").needs).toContain("Sat 2026-11-28 22:00 (Europe/Zurich)");
  });

  it("repeats what keeps a trial from starting", () => {
    const unsettled = health({ problems: ["HA is disarmed"] });
    const judged = judgeSurvey(cluster(), facts({ health: unsettled }), []);
    expect(problems(judged)).toEqual(["quorum lab"]);
  });

  it("names a node of the inventory that the cluster has not", () => {
    const nodes = [...cluster().nodes, access("pve9")];
    expect(problems(judgeSurvey(cluster({ nodes }), facts(), []))).toEqual(["node pve9"]);
  });

  it("takes a broken way into a node that is never killed for a note", () => {
    const broken = problem({ topic: "bmc", subject: "pve1" }, "silent");
    expect(problems(judgeSurvey(cluster(), facts(), [broken]))).toEqual(["bmc pve1"]);
    const safety = { ...defaultSafety, protected_nodes: ["pve1"] };
    const judged = judgeSurvey(cluster({ safety }), facts(), [broken]);
    expect(find(judged, "bmc", "pve1").level).toBe("note");
    expect(problems(judged)).toEqual([]);
  });

  it("keeps every problem of the nodes when it is not known who may be killed", () => {
    const broken = problem({ topic: "bmc", subject: "pve1" }, "silent");
    expect(problems(judgeSurvey(cluster(), facts({ health: null }), [broken]))).toEqual([
      "bmc pve1",
    ]);
  });

  it.each([
    [{ bmc: null }, [], "no BMC would switch it on again"],
    [{ bmc: null, ssh: null }, [], "by the cluster's API only"],
    [{}, [problem({ topic: "bmc", subject: "pve1" }, "silent")], "no BMC would switch it on"],
    [{}, [problem({ topic: "ssh", subject: "pve1" }, "denied")], "power over its BMC"],
    [{}, [note({ topic: "bmc", subject: "pve1" }, "asserted")], "power over its BMC, and SSH"],
  ])("says by which ways a node may be killed: %j %j", (ways, found, words) => {
    const nodes = [access("pve1", ways), access("pve2"), access("pve3")];
    const judged = judgeSurvey(cluster({ nodes }), facts(), found);
    expect(find(judged, "victim", "pve1").saw).toContain(words);
  });
});
