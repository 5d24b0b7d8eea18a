import { describe, expect, it } from "vitest";
import { exactly } from "../../../src/base/interval.ts";
import { inSeconds, milliseconds, seconds, sinceOrigin } from "../../../src/base/time.ts";
import type { NodeFacts } from "../../../src/clients/kubernetes/node-facts.ts";
import type { PodFacts } from "../../../src/clients/kubernetes/pod-facts.ts";
import type { NewTaint, NodeActs } from "../../../src/faults/kubernetes/node-acts.ts";
import { nodeMethod } from "../../../src/faults/kubernetes/node-method.ts";
import { PlannedFault } from "../../../src/faults/planned-fault.ts";
import type { KubernetesNodeFault } from "../../../src/model/fault-spec.ts";
import { pod as podFacts } from "../../clusters/kubernetes/facts.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";
import { strikeOn } from "../a-cluster.ts";

const never = new AbortController().signal;
const target = strikeOn("w1");

const pod = (name: string, changes: Partial<PodFacts> = {}): PodFacts =>
  podFacts(name, { namespace: "blackout", ...changes });

/** A node with its pods, and a disruption budget that says no for a while. */
class FakeNode implements NodeActs {
  cordoned = false;
  taints: NodeFacts["taints"] = [];
  minor = 30;
  pods: PodFacts[] = [
    pod("blackout-1-abc"),
    pod("other-xyz"),
    pod("agent", { owners: ["DaemonSet"] }),
    pod("static", { mirror: true }),
    pod("job", { phase: "Succeeded" }),
  ];
  postponements = 0;
  broken = 0;
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  async node(name: string): Promise<NodeFacts> {
    await this.#takes();
    return {
      name,
      ready: "True",
      readySince: null,
      cordoned: this.cordoned,
      taints: this.taints,
      controlPlane: false,
      address: null,
      addresses: [],
      bootId: null,
      machineId: null,
    };
  }

  async podsOn(): Promise<readonly PodFacts[]> {
    await this.#takes();
    return this.pods;
  }

  async setUnschedulable(_node: string, unschedulable: boolean): Promise<void> {
    await this.#takes();
    if (this.broken-- > 0) throw new Error("the API is away");
    this.cordoned = unschedulable;
  }

  async setTaint(_node: string, taint: NewTaint, there: boolean): Promise<void> {
    await this.#takes();
    this.taints = there ? [{ ...taint, timeAdded: null }] : [];
  }

  async evict({ name }: PodFacts): Promise<"evicted" | "postponed"> {
    await this.#takes();
    if (this.postponements-- > 0) return "postponed";
    this.pods = this.pods.map((each) =>
      each.name === name ? { ...each, deletion: "2026-01-01T00:00:00Z" } : each,
    );
    return "evicted";
  }

  async minorVersion(): Promise<number> {
    await this.#takes();
    return this.minor;
  }

  async #takes(): Promise<void> {
    await this.#clock.sleep(milliseconds(10), never);
  }
}

function scene(kind: KubernetesNodeFault["kind"]) {
  const clock = new VirtualClock();
  const node = new FakeNode(clock);
  const spec = { kind, over: "api" } as const;
  const fresh = (): PlannedFault =>
    new PlannedFault(spec, nodeMethod(spec, node, clock), {
      clock,
      close: async () => await Promise.resolve(),
    });
  const run = async <T>(act: (fault: PlannedFault) => Promise<T>): Promise<T> =>
    await clock.runUntilSettled(act(fresh()));
  const strike = async () => {
    const fault = fresh();
    const requested = exactly(clock.now());
    await clock.runUntilSettled(fault.inject(target, never));
    return await clock.runUntilSettled(fault.confirm(target, requested, never));
  };
  const guards = async (): Promise<readonly string[]> =>
    (await run(async (fault) => await fault.check("w1", never))).map(({ guard }) => guard);
  const heal = async (): Promise<void> =>
    await run(async (fault) => await fault.heal("w1", clock.timeout(seconds(60))));
  const ending = (): readonly string[] =>
    node.pods.filter(({ deletion }) => deletion !== null).map(({ name }) => name);
  return { clock, node, strike, guards, heal, ending };
}

describe("what Kubernetes' API does to a node", () => {
  it("cordon is proven by the node, and healed in a fresh process, twice, and when it never struck", async () => {
    const { node, strike, heal, guards } = scene("cordon");
    await heal();
    expect(node.cordoned).toBe(false);
    expect((await strike()).evidence).toBe("the node is unschedulable");
    expect(await guards()).toEqual(["node-unmarked"]);
    await heal();
    await heal();
    expect(node.cordoned).toBe(false);
    expect(await guards()).toEqual([]);
  });

  it("drain spares static, DaemonSet and ended pods, and waits for a disruption budget", async () => {
    const { clock, node, strike, ending, heal } = scene("drain");
    node.postponements = 1;
    const { gone } = await strike();
    expect(ending()).toEqual(["blackout-1-abc", "other-xyz"]);
    expect(inSeconds(sinceOrigin(gone.earliest))).toBe(0);
    expect(inSeconds(sinceOrigin(clock.now()))).toBeGreaterThan(5);
    await heal();
    expect(node.cordoned).toBe(false);
  });

  it("evict takes the desktop's pod and no other, and leaves the node as it is", async () => {
    const { node, strike, ending, heal } = scene("evict");
    await strike();
    expect(ending()).toEqual(["blackout-1-abc"]);
    expect(node.cordoned).toBe(false);
    await heal();
  });

  it("out-of-service is refused before Kubernetes 1.26, and its taint goes again", async () => {
    const { node, strike, guards, heal } = scene("out-of-service");
    node.minor = 20;
    expect(await guards()).toEqual(["api-version"]);
    node.minor = 26;
    expect(await guards()).toEqual([]);
    expect((await strike()).evidence).toBe("the node bears the taint");
    expect(node.taints).toMatchObject([
      { key: "node.kubernetes.io/out-of-service", effect: "NoExecute" },
    ]);
    await heal();
    expect(node.taints).toEqual([]);
  });

  it("heal goes on trying while the API is away, and says what is left to do when time runs out", async () => {
    const { node, strike, heal } = scene("cordon");
    await strike();
    node.broken = 3;
    await heal();
    expect(node.cordoned).toBe(false);
    await strike();
    node.broken = 1000;
    await expect(heal()).rejects.toMatchObject({
      code: "not-reached",
      message: expect.stringMatching(/See to it by hand that the node is uncordoned/u),
    });
  });
});
