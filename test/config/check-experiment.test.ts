import { describe, expect, it } from "vitest";
import { checkExperiment } from "../../src/config/check-experiment.ts";
import { parseExperiment } from "../../src/config/experiment/parse-experiment.ts";
import { parseInventory } from "../../src/config/inventory/parse-inventory.ts";

const same = (path: string): string => path;

/** One arm on a Proxmox cluster whose node b has no way in, unless the arm or the cluster says otherwise. */
function check(arm: string, cluster = "", fault = "power"): string {
  const experiment = parseExperiment(
    `arms:\n  one:\n    cluster: pve\n    fault: ${fault}\n    desktop: { kind: proxmox, source: { kind: existing, vmid: 100 } }\n${arm}`,
    "e.yaml",
    { resolvePath: same, readFile: same },
  );
  const inventory = parseInventory(
    `clusters:
  pve:
    kind: proxmox
    api: { hosts: ["https://a"], token_id: a@b!c, token_secret: env:T, tls: insecure }
    nodes:
      a:
        address: a
        ssh: { key: env:K, host_key: insecure }
        bmc: { host: b, user: u, password: env:P }
      b: {}
${cluster}`,
    "i.yaml",
    { resolvePath: same },
  );
  try {
    checkExperiment(experiment, inventory);
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
const onA = "    placement: { kind: node, node: a }\n";

const withKeys =
  (text: string, lab = "lab: { clusters: { pve: { kind: kubernetes } } }") =>
  () => {
    checkExperiment(
      parseExperiment(text, "e.yaml", { resolvePath: same, readFile: same }),
      parseInventory(lab, "lab.yaml", { resolvePath: same }),
    );
  };

describe("checkExperiment", () => {
  it("a node without BMC is told with the line of the arm's fault, the line of the node, and the cure", () => {
    expect(check("")).toBe(
      "e.yaml:4:12: arms.one.fault: needs an IPMI BMC on every node that may be its victim, but i.yaml:10 has none for b; " +
        "add clusters.pve.nodes.b.bmc, or protect the node (safety.protected_nodes)",
    );
  });

  it("a sweep of the other kind's cycle is told with the line of its key", () => {
    expect(check(`${onA}    when: { lease_age: sweep 0s..10s }\n`)).toBe(
      "e.yaml:7:24: arms.one.when.lease_age: is lease_age, but pve of i.yaml is proxmox; allowed: random, lock_age",
    );
    expect(check(`${onA}    when: { lock_age: sweep 0s..10s }\n`)).toBe("");
  });

  it("a node that cannot be the victim needs no BMC", () => {
    expect(check("", "    safety: { protected_nodes: [b] }\n")).toBe("");
    expect(check(onA)).toBe("");
  });

  it("a cluster of which every node is protected has no victim", () => {
    expect(check("", "    safety: { protected_nodes: [a, b] }\n")).toContain(
      "e.yaml:3:14: arms.one.cluster: no node of pve in i.yaml may be killed",
    );
  });

  it("an unknown node to be placed on is told with the known ones", () => {
    expect(check("    placement: { kind: node, node: c }\n")).toBe(
      'e.yaml:6:36: arms.one.placement.node: "c" is not a node of pve in i.yaml; allowed: a, b; did you mean "a"?',
    );
  });

  const kubernetes = `arms:
  one: { cluster: pve, fault: power, desktop: { kind: kubernetes, image: i } }
`;

  it("clusters are checked before a lab is started", () => {
    expect(withKeys(kubernetes)).not.toThrow();
    expect(withKeys(kubernetes.replace("cluster: pve", "cluster: pv"))).toThrow(
      'e.yaml:2:19: arms.one.cluster: "pv" is not a cluster of lab.yaml; allowed: pve; did you mean "pve"?',
    );
  });

  it("a desktop of the other kind does not fit", () => {
    expect(withKeys(kubernetes, "lab: { clusters: { pve: { kind: proxmox } } }")).toThrow(
      "e.yaml:2:55: arms.one.desktop.kind: is kubernetes, but pve of lab.yaml is proxmox",
    );
  });

  it("Kubernetes has no CRM master to be placed on", () => {
    expect(withKeys(kubernetes.replace("fault", "placement: crm-master, fault"))).toThrow(
      "e.yaml:2:35: arms.one.placement: is crm-master, but only Proxmox VE has a CRM master",
    );
  });

  it.each([
    ["{ kind: sysrq, key: b }", ["ssh"]],
    ["{ kind: sysrq, key: o }", ["ssh", "bmc"]],
    ["{ kind: sysrq, key: c }", ["ssh", "bmc"]],
    ["forced-poweroff", ["ssh", "bmc"]],
    ["{ kind: power, action: cycle }", ["bmc"]],
  ])("fault %s needs %j: its way in, and what switches the node on again", (fault, needs) => {
    const message = check("", "", fault);
    expect(message.match(/nodes\.b\.(?:ssh|bmc)/g)).toEqual(needs.map((need) => `nodes.b.${need}`));
  });
});
