import { describe, expect, it } from "vitest";
import { parseExperiment } from "../../src/config/experiment/parse-experiment.ts";

const parse = (text: string) =>
  parseExperiment(text, "experiments/study.yaml", {
    resolvePath: (path) => `/root/${path}`,
    readFile: (path) => `from,${path}\n"a",1.5\r\nb,2\n\n`,
  });

const smallest = `arms:
  one:
    cluster: c
    fault: power
    desktop: { kind: kubernetes, image: i }
`;

describe("parseExperiment", () => {
  it("fills in every default, so that nothing inside is optional", () => {
    const { experiment, inventoryFile } = parse(smallest);
    expect(inventoryFile).toBeNull();
    expect(experiment).toEqual({
      file: "experiments/study.yaml",
      name: "study",
      title: "study",
      description: "",
      seed: 1,
      order: "interleaved",
      arms: [
        {
          name: "one",
          cluster: "c",
          trials: 10,
          when: { kind: "random" },
          desktop: {
            kind: "kubernetes",
            namespace: "blackout",
            image: "i",
            port: 6080,
            toleration_s: null,
            page: "/vnc.html",
            websocket: "/websockify",
            reach: { kind: "ingress", host: null },
            vnc_password: null,
          },
          placement: { kind: "any" },
          fault: { kind: "power", action: "off", over: "ipmi" },
          probe: {
            depth: "frame",
            period_ms: 250,
            connect_timeout_ms: 1000,
            attempt_timeout_ms: 2000,
            max_in_flight: 16,
            consecutive: 4,
          },
          limits: {
            ready_ms: 600_000,
            steady_ms: 300_000,
            confirm_ms: 60_000,
            recovery_ms: 600_000,
            heal_ms: 1_200_000,
          },
          pictures: true,
          cooldown_ms: 10_000,
        },
      ],
      hooks: { before_run: null, after_run: null, before_trial: null, after_trial: null },
      acceptance: { rules: [], min_valid: null },
      references: [],
      overrides: [],
    });
  });

  it("keeps the order of the arms, whatever their names", () => {
    const one = smallest.slice(smallest.indexOf("  one"));
    const text = `arms:\n${["z9", "b", "a1", "m"].map((name) => one.replace("one", name)).join("")}`;
    expect(parse(text).experiment.arms.map((arm) => arm.name)).toEqual(["z9", "b", "a1", "m"]);
  });

  it("`off` is a word in YAML 1.2, not false", () => {
    const text = smallest.replace("power", "{ kind: power, action: off }");
    expect(parse(text).experiment.arms[0]?.fault).toMatchObject({ action: "off" });
  });

  it("a bare kind stands for the shortest form of fault, placement and reach", () => {
    const text = smallest
      .replace("power", "forced-poweroff\n    placement: { kind: node, node: n1 }")
      .replace("image: i", "image: i, reach: node-port, toleration: 90s");
    expect(parse(text).experiment.arms[0]).toMatchObject({
      fault: { kind: "forced-poweroff", over: "ssh" },
      placement: { kind: "node", node: "n1" },
      desktop: { reach: { kind: "node-port" }, toleration_s: 90 },
    });
  });

  it("defaults are merged under each arm, but not into a map of another kind", () => {
    const { experiment } = parse(`
defaults:
  cluster: c
  fault: { kind: power, action: cycle }
  desktop: { kind: kubernetes, image: i, port: 80 }
  probe: { period: 1s }
arms:
  same: {}
  other:
    fault: { kind: sysrq, key: b }
    desktop: { port: 90 }
    probe: { depth: tcp }
`);
    expect(experiment.arms).toMatchObject([
      { fault: { kind: "power", action: "cycle" }, desktop: { port: 80 } },
      {
        fault: { kind: "sysrq", key: "b", over: "ssh" },
        desktop: { image: "i", port: 90 },
        probe: { depth: "tcp", period_ms: 1000 },
      },
    ]);
  });

  it("takes pictures of desktops that the run deploys, and of an existing VM only when it is told to", () => {
    const { experiment } = parse(`
defaults:
  cluster: c
  fault: power
arms:
  pod: { desktop: { kind: kubernetes, image: i } }
  clone: { desktop: { kind: proxmox, source: { kind: clone, template: 9000 } } }
  mine: { desktop: { kind: proxmox, source: { kind: existing, vmid: 100 } } }
  told: { desktop: { kind: proxmox, source: { kind: existing, vmid: 100 } }, pictures: true }
  off: { desktop: { kind: kubernetes, image: i }, pictures: false }
`);
    expect(experiment.arms.map(({ name, pictures }) => [name, pictures])).toEqual([
      ["pod", true],
      ["clone", true],
      ["mine", false],
      ["told", true],
      ["off", false],
    ]);
  });

  it("locates an inherited value where it is written, under defaults", () => {
    const { locate } = parse(
      "defaults:\n  cluster: c\narms:\n  a:\n    fault: power\n    desktop: { kind: kubernetes, image: i }\n",
    );
    expect(locate(["arms", "a", "cluster"])).toEqual({ line: 2, column: 12 });
    expect(locate(["arms", "a", "fault", "kind"])).toEqual({ line: 5, column: 12 });
  });

  it("reads acceptance rules for all arms and for one, in milliseconds, with the words they were written in", () => {
    const text = `${smallest}acceptance:
  min_valid: 5
  rules:
    - recovery.p95 <= 150s
    - lost == 0
    - one: [outage.max < 3m, void <= 2]
`;
    expect(parse(text).experiment.acceptance).toEqual({
      min_valid: 5,
      rules: [
        {
          text: "recovery.p95 <= 150s",
          arm: null,
          comparison: "<=",
          subject: { kind: "duration", measure: "recovery", statistic: "p95", limit_ms: 150_000 },
        },
        {
          text: "lost == 0",
          arm: null,
          comparison: "==",
          subject: { kind: "count", outcome: "lost", limit: 0 },
        },
        {
          text: "outage.max < 3m",
          arm: "one",
          comparison: "<",
          subject: { kind: "duration", measure: "outage", statistic: "max", limit_ms: 180_000 },
        },
        {
          text: "void <= 2",
          arm: "one",
          comparison: "<=",
          subject: { kind: "count", outcome: "void", limit: 2 },
        },
      ],
    });
  });

  it("reads a reference's values from a column of a file beside the experiment", () => {
    const text = `${smallest}references: [{ title: T, arm: one, csv: d.csv, column: /root/d.csv }]`;
    expect(parse(text).experiment.references).toEqual([
      {
        title: "T",
        arm: "one",
        measure: "recovery",
        source: "d.csv, column /root/d.csv",
        values_ms: [1500, 2000],
      },
    ]);
  });
});
