import { describe, expect, it } from "vitest";
import { seconds } from "../../../src/base/time.ts";
import type {
  ClusterHealth,
  ClusterIdentity,
  LoginFacts,
  MachineFacts,
} from "../../../src/model/cluster-facts.ts";
import { noHooks } from "../../../src/model/hooks.ts";
import type { Experiment } from "../../../src/model/experiment.ts";
import type { ApiHost } from "../../../src/model/inventory.ts";
import type { OverridableGuard } from "../../../src/model/guard.ts";
import { isOverridable, overridableGuards } from "../../../src/model/guard.ts";
import type { JournalEvent, Refusal } from "../../../src/model/journal.ts";
import type { OwnMachine } from "../../../src/model/own-machine.ts";
import type { SafetyLimits } from "../../../src/model/safety.ts";
import { defaultSafety } from "../../../src/model/safety.ts";
import { preflight } from "../../../src/study/preflight.ts";
import { runTrial } from "../../../src/study/run-trial.ts";
import type { TrialEnding } from "../../../src/study/trial-ends.ts";
import type { TrialParts } from "../../../src/study/trial-parts.ts";
import { arm, FakeStudy, health, node, ownMachine } from "../../support/fake-study.ts";

/** All that guards see. A test spoils one thing, before the preflight or while a trial is on its way to the kill. */
class World {
  health: ClusterHealth = health();
  identity: ClusterIdentity = { kind: "proxmox", name: "fake", fingerprint: "AA", version: "9" };
  safety: SafetyLimits = defaultSafety;
  own: OwnMachine = ownMachine;
  apiHosts: readonly ApiHost[] = [{ url: "https://pve1:8006", node: "pve1" }];
  cure: readonly Refusal[] = [];
  login: LoginFacts = { boot_id: "b2", machine_id: "m2", hostname: "pve2.example.org" };
}

const others = (changes: Parameters<typeof node>[1]): ClusterHealth =>
  health({ nodes: [node("pve1", changes), node("pve2"), node("pve3", changes)] });
const victim = (changes: Parameters<typeof node>[1]): ClusterHealth =>
  health({ nodes: [node("pve1", { master: true }), node("pve2", changes), node("pve3")] });

/** What makes each guard refuse pve2. Complete by the compiler for all that can be overridden. */
const spoilers: Readonly<
  Record<
    OverridableGuard | "own-machine" | "ssh-mapping" | "cluster-identity" | "bmc-reachable",
    (world: World) => void
  >
> = {
  "protected-node": (world) => {
    world.safety = { ...defaultSafety, protected_nodes: ["pve2"] };
  },
  "max-nodes-down": (world) => {
    world.health = health({ nodes: [node("pve1"), node("pve2"), node("pve3", { online: false })] });
  },
  quorum: (world) => {
    world.health = health({
      quorum: {
        quorate: true,
        expected_votes: 4,
        present_votes: 3,
        needed_votes: 3,
        device_votes: 1,
      },
    });
  },
  "spare-node": (world) => {
    world.health = others({ schedulable: false });
  },
  maintenance: (world) => {
    world.health = health({
      nodes: [node("pve1"), node("pve2"), node("pve3", { maintenance: true })],
    });
  },
  "other-workloads": (world) => {
    world.health = victim({ workloads: ["mail (100)"] });
  },
  "disruption-budgets": (world) => {
    world.health = victim({ budgets: ["budget prod/web allows no disruption now"] });
  },
  "storage-health": (world) => {
    const storage = { healthy: false, detail: "Ceph says HEALTH_WARN: 1 osds down" };
    world.health = health({ storage });
  },
  "api-elsewhere": (world) => {
    world.apiHosts = [{ url: "https://pve2.example.org:8006", node: "pve2" }];
  },
  "maintenance-window": (world) => {
    // The fake clock starts at midnight UTC of a Thursday.
    const later = { days: ["fri"], from: "01:00", to: "02:00", zone: "UTC" } as const;
    world.safety = { ...defaultSafety, windows: [later] };
  },
  budget: (world) => {
    world.safety = { ...defaultSafety, max_kills: 1 };
  },
  "own-machine": (world) => {
    const machine = { boot_id: null, machine_id: null, addresses: ["192.0.2.99"] };
    world.health = victim({ machine });
  },
  "ssh-mapping": (world) => {
    world.login = { ...world.login, hostname: "pve3" };
  },
  "cluster-identity": (world) => {
    world.identity = { ...world.identity, fingerprint: "BB" };
  },
  "bmc-reachable": (world) => {
    world.cure = [{ guard: "bmc-reachable", saw: "silent", needs: "an answer" }];
  },
};

interface Scene {
  readonly study: FakeStudy;
  readonly world: World;
  readonly parts: TrialParts;
}

function scene(overrides: readonly OverridableGuard[] = []): Scene {
  const study = new FakeStudy();
  const world = new World();
  study.health = () => world.health;
  study.driver.identify = async () => world.identity;
  study.fault.check = async () => world.cure;
  const parts = study.parts();
  // One kill of an earlier trial, as max_kills needs.
  parts.spent.kill(arm.cluster);
  const cluster = {
    ...parts.cluster,
    identity: { name: "fake", fingerprint: "AA" },
    machines: {
      own: async () => world.own,
      addressesOf: async (host: string) => [host],
      below: async (name: string, machine: MachineFacts) => ({
        machine,
        login: name === "pve2" ? world.login : null,
      }),
    },
    get safety() {
      return world.safety;
    },
    get apiHosts() {
      return world.apiHosts;
    },
  };
  return { study, world, parts: { ...parts, cluster, overrides } };
}

const experiment = (overrides: readonly OverridableGuard[]): Experiment => ({
  file: "x.yaml",
  name: "x",
  title: "x",
  description: "",
  seed: 1,
  order: "sequential",
  arms: [arm],
  hooks: noHooks,
  acceptance: { rules: [], min_valid: null },
  references: [],
  overrides,
});

/** What `plan` and the beginning of `run` say of pve2. */
async function inPreflight({ parts, study }: Scene) {
  const clusters = new Map([[arm.cluster, parts.cluster]]);
  const faults = new Map([[arm.name, parts.fault]]);
  const asked = { clusters, faults, clock: study.clock };
  const never = new AbortController().signal;
  const [result] = await preflight(experiment(parts.overrides), asked, never);
  const found = result?.candidates.find((each) => each.node === "pve2");
  if (found === undefined) throw new Error("pve2 is no candidate");
  return found;
}

/** A trial on whose way to the kill, when the victim is known, the world gets worse. */
async function worseningTrial(
  { study, world, parts }: Scene,
  spoil: (world: World) => void,
): Promise<TrialEnding> {
  const journal = study.journal();
  const append = async (event: JournalEvent) => {
    if (event.kind === "victim-found") spoil(world);
    return await journal.append(event);
  };
  const trial = runTrial(
    { ...parts, journal: { ...journal, append } },
    new AbortController().signal,
  );
  return await study.clock.runUntilSettled(trial);
}

const names = (refusals: readonly Refusal[]): readonly string[] =>
  refusals.map(({ guard }) => guard);

describe("with nothing to mind", () => {
  it("the preflight lets pve2 be killed, and the trial kills it", async () => {
    expect(await inPreflight(scene())).toEqual({ node: "pve2", refusals: [], overridden: [] });
    const calm = scene();
    expect((await worseningTrial(calm, () => undefined)).end).toBe("completed");
    expect(calm.study.acts).toContain("kill pve2");
    expect(calm.study.kinds()).not.toContain("overridden");
  });
});

describe.each(Object.entries(spoilers))("the guard %s", (guard, spoil) => {
  it("refuses in the preflight, before any act, and says what it saw and needs", async () => {
    const spoilt = scene();
    spoil(spoilt.world);
    const { refusals } = await inPreflight(spoilt);
    expect(names(refusals)).toEqual([guard]);
    for (const { saw, needs } of refusals) {
      expect(saw).not.toBe("");
      expect(needs).not.toBe("");
    }
    expect(spoilt.study.acts).toEqual([]);
  });

  it("refuses the kill on facts that got worse after the preflight", async () => {
    const worsening = scene();
    expect((await inPreflight(worsening)).refusals).toEqual([]);
    const ending = await worseningTrial(worsening, spoil);
    expect(ending.end).toBe("refused");
    expect(ending.detail).toContain(`${guard}: `);
    expect(worsening.study.acts).not.toContain("kill pve2");
    const noted = worsening.study.events.flatMap((event) =>
      event.kind === "refused" ? names(event.refusals) : [],
    );
    expect(noted).toEqual([guard]);
  });

  it("is overridden by name where it may be, and then what it saw is on record", async () => {
    const willing = scene(isOverridable(guard) ? [guard] : overridableGuards);
    spoil(willing.world);
    const { refusals, overridden } = await inPreflight(willing);
    expect(names(isOverridable(guard) ? overridden : refusals)).toEqual([guard]);
    expect(isOverridable(guard) ? refusals : overridden).toEqual([]);
    const trial = scene(isOverridable(guard) ? [guard] : overridableGuards);
    const ending = await worseningTrial(trial, spoil);
    expect(ending.end).toBe(isOverridable(guard) ? "completed" : "refused");
    expect(trial.study.acts.includes("kill pve2")).toBe(isOverridable(guard));
    const noted = trial.study.events.flatMap((event) =>
      event.kind === "overridden" ? names(event.refusals) : [],
    );
    expect(noted).toEqual(isOverridable(guard) ? [guard] : []);
  });
});

describe("what changes while a run goes on", () => {
  it.each(["HA is disarmed", "the kubelet of w1 has not renewed its lease for 31 s"])(
    "makes the trial void, without a kill, when the cluster is not settled any more: %s",
    async (problem) => {
      const unsettled = scene();
      const ending = await worseningTrial(unsettled, (world) => {
        world.health = health({ problems: [problem] });
      });
      expect(ending.end).toBe("void");
      expect(ending.detail).toContain(problem);
      expect(unsettled.study.acts).not.toContain("kill pve2");
      expect(unsettled.study.acts).toContain("remove");
    },
  );

  it("counts each kill, so that the one that would be too many is refused", async () => {
    const limited = scene();
    limited.world.safety = { ...defaultSafety, max_kills: 2 };
    expect((await worseningTrial(limited, () => undefined)).end).toBe("completed");
    const ending = await worseningTrial(limited, () => undefined);
    expect(ending).toMatchObject({
      end: "refused",
      detail: expect.stringMatching(/this run has killed 2 times/u),
    });
  });

  it("reads the clock at the kill: a window or a time that has run out meanwhile", async () => {
    const short = scene();
    const minute = { days: ["thu"], from: "00:00", to: "00:01", zone: "UTC" } as const;
    short.world.safety = { ...defaultSafety, windows: [minute] };
    expect((await inPreflight(short)).refusals).toEqual([]);
    const { clock } = short.study;
    await clock.runUntilSettled(clock.sleep(seconds(61), new AbortController().signal));
    const closed = await worseningTrial(short, () => undefined);
    expect(closed).toMatchObject({
      end: "refused",
      detail: expect.stringMatching(/opens on Thu 2026-01-08 00:00 \(UTC\)/u),
    });
    const longer = scene();
    longer.world.safety = { ...defaultSafety, max_time_ms: 1 };
    expect((await inPreflight(longer)).refusals).toEqual([]);
    const late = await worseningTrial(longer, () => undefined);
    expect(late).toMatchObject({
      end: "refused",
      detail: expect.stringMatching(/this run has lasted/u),
    });
  });
});
