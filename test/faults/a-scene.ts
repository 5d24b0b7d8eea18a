import { exactly } from "../../src/base/interval.ts";
import { inSeconds, seconds, sinceOrigin, zero } from "../../src/base/time.ts";
import type { Fault, FaultProof } from "../../src/contracts/fault.ts";
import { createFault } from "../../src/faults/create-fault.ts";
import type { FaultSpec } from "../../src/model/fault-spec.ts";
import type { Cluster, NodeAccess } from "../../src/model/inventory.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { aCluster, strikeOn } from "./a-cluster.ts";
import { FakeNode } from "./fake-reach.ts";

export const target = strikeOn("pve2");

/** A node with every way in. */
export const full: NodeAccess = {
  name: "pve2",
  address: null,
  ssh: {
    host: "h",
    port: 22,
    user: "root",
    key: { kind: "env", name: "K" },
    host_key: "insecure",
  },
  bmc: {
    kind: "ipmi",
    host: "b",
    port: 623,
    user: "admin",
    password: { kind: "env", name: "P" },
    cipher_suite: 17,
    via: "builtin",
    mapping: "uuid",
  },
};

/** A fault, bound to a fake node on a virtual clock. */
export function scene(
  spec: FaultSpec,
  access: Partial<NodeAccess> = {},
  of: Cluster = aCluster([{ ...full, ...access }]),
) {
  const clock = new VirtualClock();
  const node = new FakeNode(clock);
  const secrets = { resolve: async () => "x" };
  const cluster: Cluster = { ...of, nodes: [{ ...full, ...access }] };
  /** As another process would make it: it remembers nothing. */
  const fresh = (): Fault => createFault(spec, { cluster, clock, secrets }, node, node.program);
  const fault = fresh();
  const never = new AbortController().signal;
  /** The clock stands at the moment of settling: the event that it would run beyond is one of nothing. */
  const settle = async <T>(promise: Promise<T>): Promise<T> =>
    await clock.runUntilSettled(
      promise.finally(() => {
        clock.queue.after(zero, () => undefined);
      }),
    );
  const run = async <T>(act: (fault: Fault) => Promise<T>): Promise<T> => await settle(act(fault));
  const strike = async (limit = 60): Promise<FaultProof> => {
    const requested = exactly(clock.now());
    await run(async () => await fault.inject(target, never));
    const proof = fault.confirm(target, requested, clock.timeout(seconds(limit)));
    return await settle(proof);
  };
  const guards = async (): Promise<string[]> =>
    (await run(async () => await fault.check("pve2", never))).map(({ guard }) => guard);
  const heal = async (limit = 3600, by: Fault = fault): Promise<void> => {
    await settle(by.heal("pve2", clock.timeout(seconds(limit))));
  };
  const elapsed = (): number => inSeconds(sinceOrigin(clock.now()));
  return { clock, node, fault, fresh, run, strike, guards, heal, elapsed, never };
}
