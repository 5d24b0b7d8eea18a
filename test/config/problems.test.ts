import { describe, expect, it } from "vitest";
import { parseExperiment } from "../../src/config/experiment/parse-experiment.ts";
import { parseInventory } from "../../src/config/inventory/parse-inventory.ts";
import { ConfigurationProblems } from "../../src/config/problem.ts";

const files = { resolvePath: (path: string) => path, readFile: () => "trial,b_s\n1,2\n" };

/** The lines that a user sees. */
function linesOf(parse: () => unknown): readonly string[] {
  try {
    parse();
  } catch (error) {
    if (!(error instanceof ConfigurationProblems)) throw error;
    return error.message.split("\n");
  }
  return [];
}
const experiment = (text: string) => linesOf(() => parseExperiment(text, "e.yaml", files));
const inventory = (text: string) => linesOf(() => parseInventory(text, "i.yaml", files));

const arm = `arms:
  one:
    cluster: c
    fault: power
    desktop: { kind: kubernetes, image: i }
`;

const ten = (name: string): string => Array.from({ length: 10 }, () => `*${name}`).join(",");

const noFile = (path: string): string => {
  throw new Error(`ENOENT: no such file or directory, open '${path}'`);
};

const api = (secret: string, id = "a@pve!t"): string => `clusters:
  p:
    kind: proxmox
    api: { hosts: ["https://a:8006"], token_id: "${id}", token_secret: "${secret}", tls: insecure }
    nodes: { n1: {} }
`;

describe("a file that is not even YAML", () => {
  it.each([
    ["an empty file", "", "e.yaml:1:1: is empty"],
    ["a file of comments", "# nothing\n", "e.yaml:1:1: is empty"],
    ["a key given twice", "name: a\nname: b\n", "e.yaml:2:1: this key is given twice in one map"],
    ["a tab", "arms:\n\ta: 1\n", "e.yaml:2:1: is indented by a tab"],
    ["two documents", "a: 1\n---\nb: 1\n", "e.yaml:2:1: a second document starts here"],
    [
      "a foreign tag",
      "name: !foo x\n",
      "e.yaml:1:7: is not well-formed YAML: Unresolved tag: !foo",
    ],
    ["an alias without anchor", "name: *x\n", "e.yaml:1:1: has an alias (*name) of no anchor"],
    ["an alias in its own anchor", "&a [*a]", "e.yaml:1:1: has an alias (*name) inside its own"],
    ["a bare number", "5", "e.yaml:1:1: must be a map, is 5"],
  ])("%s is refused", (_, text, message) => {
    expect(experiment(text)[0]).toContain(message);
    expect(experiment(text)).toHaveLength(1);
  });

  it("a file of more than 1 MiB is not even parsed", () => {
    expect(experiment(" ".repeat(1024 * 1024 + 1))).toEqual(["e.yaml:1:1: is larger than 1 MiB"]);
  });

  it.each(["[", "{a: ", "- ", "? "])(
    "endless nesting by %j is refused before it is parsed",
    (open) => {
      for (const depth of [200, 20_000]) {
        expect(experiment(open.repeat(depth))).toEqual(["e.yaml:1:1: is nested too deeply"]);
      }
    },
  );

  it("aliases of aliases do not fill the memory", () => {
    const bomb = `a: &a [1]\nb: &b [${ten("a")}]\nc: &c [${ten("b")}]\nd: [${ten("c")}]\n`;
    expect(experiment(bomb)).toEqual(["e.yaml:1:1: has too many aliases (*name) of one anchor"]);
  });
});

describe("a wrong field is named with file, line, column and what is allowed", () => {
  it.each([
    [
      "an unknown key at its own place, with the nearest",
      `${arm}ordr: random\n`,
      'e.yaml:6:1: ordr: "ordr" is not a known key; allowed: name, title, description, inventory, seed, order, arms, defaults, hooks, acceptance, references, overrides; did you mean "order"?',
    ],
    [
      "an unknown word, with the nearest",
      arm.replace("power", "{ kind: powr }"),
      'e.yaml:4:20: arms.one.fault.kind: "powr" is not known; allowed: power, sysrq, forced-poweroff, shutdown, network-cut, service, freeze, maintenance, cordon, drain, evict, out-of-service, migrate, command; did you mean "power"?',
    ],
    [
      "a word that was begun",
      `${arm}    placement: crm\n`,
      'e.yaml:6:16: arms.one.placement: "crm" is not known; allowed: any, crm-master, not-crm-master, or a map with a kind; did you mean "crm-master"?',
    ],
    [
      "a duration without its unit",
      `${arm}    cooldown: 90\n`,
      "e.yaml:6:15: arms.one.cooldown: 90 has no unit; write 90ms, 90s, 90m or 90h",
    ],
    [
      "a duration that is none",
      `${arm}    limits: { heal: soon }\n`,
      'e.yaml:6:21: arms.one.limits.heal: "soon" is not a duration; write 250ms, 90s, 5m or 1h',
    ],
    [
      "a wait of nought",
      `${arm}    probe: { period: 0s }\n`,
      "e.yaml:6:22: arms.one.probe.period: must be at least 1 ms, is 0s",
    ],
    [
      "a wait beyond all timers",
      `${arm}    limits: { heal: 9999h }\n`,
      "e.yaml:6:21: arms.one.limits.heal: must be at most 43200 min, is 9999h",
    ],
    [
      "a toleration of half a second",
      arm.replace("image: i", "image: i, toleration: 500ms"),
      "e.yaml:5:56: arms.one.desktop.toleration: must be whole seconds",
    ],
    [
      "a connect timeout longer than the attempt",
      `${arm}    probe: { connect_timeout: 3s }\n`,
      "e.yaml:6:31: arms.one.probe.connect_timeout: must not be longer than attempt_timeout, of which it is a part",
    ],
    [
      "a wrong type",
      `${arm}    trials: many\n`,
      'e.yaml:6:13: arms.one.trials: must be a number, is "many"',
    ],
    [
      "a missing key, at its parent",
      arm.replace("    fault: power\n", ""),
      "e.yaml:3:5: arms.one.fault: is missing",
    ],
    ["no arm", "arms: {}", "e.yaml:1:7: arms: must name at least one arm"],
    ["arms as a list", "arms: []", "e.yaml:1:7: arms: must be a map of names, is a list"],
    [
      "an arm whose name is no name",
      arm.replace("one", "1st"),
      "e.yaml:2:3: arms.1st: must begin with a letter and hold only letters, digits, dots, - and _ (at most 63)",
    ],
    [
      "a guard that never gives way",
      `${arm}overrides: [quorum, own-machine]\n`,
      "e.yaml:6:21: overrides[1]: own-machine can never be overridden; allowed: protected-node, max-nodes-down, quorum, spare-node, maintenance, other-workloads, disruption-budgets, storage-health, api-elsewhere, maintenance-window, budget",
    ],
    [
      "a guard that is none, with the nearest",
      `${arm}overrides: [other-workload]\n`,
      'e.yaml:6:13: overrides[0]: "other-workload" is no guard that can be overridden; allowed: protected-node, max-nodes-down, quorum, spare-node, maintenance, other-workloads, disruption-budgets, storage-health, api-elsewhere, maintenance-window, budget; did you mean "other-workloads"?',
    ],
    [
      "a rule about nothing known",
      `${arm}acceptance: [lots == 0]\n`,
      'e.yaml:6:14: acceptance[0]: "lots" is no measure; allowed: recovery, outage, detection, fencing, placement, start, service, lost, void; did you mean "lost"?',
    ],
    [
      "a rule with an unknown statistic",
      `${arm}acceptance: [recovery.p96 <= 1m]\n`,
      'e.yaml:6:14: acceptance[0]: "recovery.p96" has no known statistic; allowed: min, median, mean, p90, p95, max; did you mean "p90"?',
    ],
    [
      "a rule that is no rule",
      `${arm}acceptance: [be quick]\n`,
      'e.yaml:6:14: acceptance[0]: must be like "recovery.p95 <= 150s" or "lost == 0"',
    ],
    [
      "a rule for an unknown arm",
      `${arm}acceptance: [{ two: lost == 0 }]\n`,
      'e.yaml:6:13: acceptance: "two" is not an arm; allowed: one',
    ],
    [
      "more valid trials than there are",
      `${arm}acceptance: { min_valid: 11, rules: [] }\n`,
      "e.yaml:6:26: acceptance.min_valid: is 11, but one has 10 trials",
    ],
    [
      "a reference to an unknown arm",
      `${arm}references: [{ title: t, arm: on, csv: f, column: b_s }]\n`,
      'e.yaml:6:31: references[0].arm: "on" is not an arm; allowed: one; did you mean "one"?',
    ],
    [
      "a reference to an unknown column",
      `${arm}references: [{ title: t, arm: one, csv: f, column: c }]\n`,
      "e.yaml:6:52: references[0].column: is not in f; it has: trial, b_s",
    ],
  ])("%s", (_, text, message) => {
    expect(experiment(text)).toEqual([message]);
  });

  it("all problems of a file are told at once, in the order of the file", () => {
    const text = arm.replace("power", "powr").replace("image: i", "imag: i");
    expect(experiment(`${text}seed: -1\n`).map((line) => line.split(": ")[1])).toEqual([
      "arms.one.fault",
      "arms.one.desktop.image",
      "arms.one.desktop.imag",
      "seed",
    ]);
  });

  it("a wrong default is told once, where it is written, however many arms have it", () => {
    const text = `defaults:
  fault: { kind: power, acton: off }
arms:
  one: { cluster: c, desktop: { kind: kubernetes, image: i } }
  two: { cluster: c, desktop: { kind: kubernetes, image: i } }
`;
    expect(experiment(text)).toEqual([
      'e.yaml:2:25: defaults.fault.acton: "acton" is not a known key; allowed: kind, action, over; did you mean "action"?',
    ]);
  });

  it("a reference file that is not there is told at its key", () => {
    const text = `${arm}references: [{ title: t, arm: one, csv: gone.csv, column: c }]\n`;
    expect(linesOf(() => parseExperiment(text, "e.yaml", { ...files, readFile: noFile }))).toEqual([
      "e.yaml:6:41: references[0].csv: cannot be read: ENOENT: no such file or directory, open 'gone.csv'",
    ]);
  });
});

describe("an inventory's problems", () => {
  it.each([
    ["a secret in the place of its reference", api("hunter2-hunter2")],
    ["a secret behind the token's id", api("env:T", "a@pve!t=hunter2-hunter2")],
    ["a secret in an URL", api("env:T").replace("https://a", "https://me:hunter2-hunter2@a")],
  ])("%s is refused and not repeated", (_, text) => {
    expect(inventory(text)).toHaveLength(1);
    expect(inventory(text).join("\n")).not.toContain("hunter2");
  });

  it("a file under ~ is refused, since nobody expands it", () => {
    expect(inventory(api("file:~/token"))).toEqual([
      "i.yaml:4:74: clusters.p.api.token_secret: ~ is not expanded; write the whole path",
    ]);
  });

  it.each([
    [
      "a protected node that is none",
      `${api("env:T")}    safety: { protected_nodes: [n2] }\n`,
      'i.yaml:6:33: clusters.p.safety.protected_nodes[0]: "n2" is not a node of p; allowed: n1; did you mean "n1"?',
    ],
    [
      "no node that may be down",
      `${api("env:T")}    safety: { max_nodes_down: 0 }\n`,
      "i.yaml:6:31: clusters.p.safety.max_nodes_down: must be at least 1, is 0",
    ],
    [
      "a window in an unknown zone, with the nearest",
      `${api("env:T")}    safety: { windows: [{ from: "22:00", to: "04:00", zone: Europe/Zürich }] }\n`,
      'i.yaml:6:61: clusters.p.safety.windows[0].zone: is no time zone that is known here, such as "Europe/Zurich"; did you mean "Europe/Zurich"?',
    ],
    [
      "a window on an unknown day, with the nearest",
      `${api("env:T")}    safety: { windows: [{ days: [mon, weds], from: "22:00", to: "04:00", zone: UTC }] }\n`,
      'i.yaml:6:39: clusters.p.safety.windows[0].days[1]: "weds" is not known; allowed: mon, tue, wed, thu, fri, sat, sun; did you mean "wed"?',
    ],
    [
      "a window from a time that is none",
      `${api("env:T")}    safety: { windows: [{ from: "24:00", to: "12:00", zone: UTC }] }\n`,
      'i.yaml:6:33: clusters.p.safety.windows[0].from: must be a time of day of 24 hours, such as "22:00"',
    ],
    [
      "a window without length",
      `${api("env:T")}    safety: { windows: [{ from: "22:00", to: "22:00", zone: UTC }] }\n`,
      "i.yaml:6:46: clusters.p.safety.windows[0].to: is the same as from; a whole day is from 00:00 to 24:00",
    ],
    [
      "a budget of nothing",
      `${api("env:T")}    safety: { max_kills: 0 }\n`,
      "i.yaml:6:26: clusters.p.safety.max_kills: must be at least 1, is 0",
    ],
    [
      "an API host on an unknown node",
      api("env:T").replace('"https://a:8006"', '{ url: "https://a", node: n3 }'),
      'i.yaml:4:46: clusters.p.api.hosts[0].node: "n3" is not a node of p; allowed: n1; did you mean "n1"?',
    ],
    [
      "SSH to nowhere",
      api("env:T").replace("n1: {}", "n1: { ssh: { key: env:K, host_key: insecure } }"),
      "i.yaml:5:25: clusters.p.nodes.n1.ssh: has no host; give ssh.host, or the node's address",
    ],
    [
      "an unknown kind of cluster",
      "clusters:\n  p: { kind: proxmix }\n",
      'i.yaml:2:14: clusters.p.kind: "proxmix" is not known; allowed: proxmox, kubernetes; did you mean "proxmox"?',
    ],
    [
      "a cluster without a kind",
      "clusters:\n  p: { armed: true }\n",
      "i.yaml:2:6: clusters.p.kind: is missing; allowed: proxmox, kubernetes",
    ],
    [
      "real clusters beside a lab",
      "lab: { clusters: {} }\nclusters: {}\n",
      "i.yaml:2:1: clusters: cannot stand beside lab: a file names real clusters, or the lab that plays some",
    ],
    ["nothing of use", "{}", "i.yaml:1:1: clusters: is missing"],
  ])("%s", (_, text, message) => {
    expect(inventory(text)).toEqual([message]);
  });
});
